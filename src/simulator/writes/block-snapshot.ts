/** Snapshots of single LUNs, of single volumes and of consistency groups. */
import { addGroupParts, addGroupSnapshot } from "../rows/group.js";
import { addLunSnapshot, addVolumeSnapshot } from "../rows/snapshot.js";
import { affected, assertUnlocked, readList, readObject, readText, visible, type Write } from "./common.js";
import { changeRow, createRow, deleteRow } from "./lifecycle.js";

/** create-iscsi-lun-snapshot: the user chooses the name, even one that exists. */
export const createLunSnapshot: Write = (world, request) =>
  readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, ["name!", "iscsi_lun_id!", "iscsi_target_id!", "effect"]);
    const name = readText(object, "name", path);
    const lun = visible(world, request.viewer, "IscsiLun", readText(object, "iscsi_lun_id", path));
    visible(world, request.viewer, "IscsiTarget", readText(object, "iscsi_target_id", path));
    const row = addLunSnapshot(world, lun, name, world.clock.now());
    world.store.patch(row, { entityAsyncStatus: "CREATING" });
    return createRow(world, request, row, {
      mutation: "createIscsiLunSnapshot",
      description: { en: `Create LUN snapshot ${name}`, zh: `创建 LUN 快照 ${name}` },
    });
  });

/** delete-iscsi-lun-snapshot. */
export const deleteLunSnapshot: Write = (world, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  return affected(world, request.viewer, "IscsiLunSnapshot", where).map((row) =>
    deleteRow(world, request, row, {
      mutation: "deleteIscsiLunSnapshot",
      description: { en: `Delete LUN snapshot ${row.values.name}`, zh: `删除 LUN 快照 ${row.values.name}` },
    }),
  );
};

/** create-vm-volume-snapshot: the volume is locked meanwhile. */
export const createVolumeSnapshot: Write = (world, request) => {
  const orders = readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, ["volume_id!", "name!", "description!"]);
    const volume = visible(world, request.viewer, "VmVolume", readText(object, "volume_id", path));
    return { volume, name: readText(object, "name", path), description: String(object.description) };
  });
  assertUnlocked(orders.map(({ volume }) => volume));
  return orders.map(({ volume, name, description }) => {
    const at = world.clock.now();
    const lun = world.store.get("IscsiLun", volume.values.lun);
    const ids = { localId: world.random.uuid(), zbsId: lun ? world.random.uuid() : null };
    const row = addVolumeSnapshot(world, { volume, name, description, at, ...ids, status: "CREATING" });
    const change = {
      mutation: "createVmVolumeSnapshot",
      description: { en: `Create volume snapshot ${name}`, zh: `创建虚拟卷快照 ${name}` },
      done: (end: number) => {
        if (lun && ids.zbsId) addLunSnapshot(world, lun, world.random.uuid(), end, ids.zbsId);
        world.store.patch(volume, { entityAsyncStatus: null });
      },
      failed: () => world.store.patch(volume, { entityAsyncStatus: null }),
    };
    world.store.patch(volume, { entityAsyncStatus: "UPDATING" });
    return createRow(world, request, row, change);
  });
};

/** delete-vm-volume-snapshot. */
export const deleteVolumeSnapshot: Write = (world, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  return affected(world, request.viewer, "VmVolumeSnapshot", where).map((row) =>
    deleteRow(world, request, row, {
      mutation: "deleteVmVolumeSnapshot",
      description: { en: `Delete volume snapshot ${row.values.name}`, zh: `删除虚拟卷快照 ${row.values.name}` },
      done: () => {
        const zbsId = row.values.zbs_snapshot_uuid;
        for (const part of zbsId ? [...world.store.equal("IscsiLunSnapshot", "local_id", zbsId)] : [])
          world.store.remove(part);
      },
    }),
  );
};

/** create-consistency-snapshot-group. */
export const createGroupSnapshot: Write = (world, request) =>
  readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, ["consistency_group_id!", "name!"]);
    const name = readText(object, "name", path);
    const id = readText(object, "consistency_group_id", path);
    const group = visible(world, request.viewer, "ConsistencyGroup", id);
    const row = addGroupSnapshot(world, group, name, world.clock.now(), "CREATING");
    return createRow(world, request, row, {
      mutation: "createConsistencyGroupSnapshot",
      description: { en: `Create consistency group snapshot ${name}`, zh: `创建一致性组快照 ${name}` },
      done: (at) => addGroupParts(world, group, row, at),
    });
  });

/** rollback-consistency-snapshot-group: nothing of it can be seen but the task. */
export const rollbackGroupSnapshot: Write = (world, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  return affected(world, request.viewer, "ConsistencyGroupSnapshot", where).map((row) => {
    const name = String(row.values.name);
    const description = { en: `Roll back to consistency group snapshot ${name}`, zh: `回滚至一致性组快照 ${name}` };
    const change = { mutation: "rollbackConsistencyGroupSnapshot", description };
    return {
      task_id: changeRow(world, request, row, change),
      data: { ...world.renderer.object(row, request.viewer, "en-US") },
    };
  });
};

/** delete-consistency-snapshot-group. The snapshots of its members stay unless `data` says otherwise. */
export const deleteGroupSnapshot: Write = (world, request) => {
  const { store } = world;
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const { remain_volume_snapshot: remain } = readObject(data, "data", ["remain_volume_snapshot"]);
  return affected(world, request.viewer, "ConsistencyGroupSnapshot", where).map((row) =>
    deleteRow(world, request, row, {
      mutation: "deleteConsistencyGroupSnapshot",
      description: {
        en: `Delete consistency group snapshot ${row.values.name}`,
        zh: `删除一致性组快照 ${row.values.name}`,
      },
      done: () => {
        for (const entity of ["IscsiLunSnapshot", "NvmfNamespaceSnapshot"] as const) {
          for (const part of [...store.referrers(entity, "consistency_group_snapshot", row.id)]) {
            if (remain === true) store.patch(part, { consistency_group_snapshot: null });
            else store.remove(part);
          }
        }
      },
    }),
  );
};
