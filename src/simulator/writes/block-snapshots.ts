import { addGroupSnapshot, addMemberSnapshots } from "../rows/group-snapshots.js";
import { replaceData } from "../rows/lineage.js";
import { addLunSnapshot, addVolumeSnapshot } from "../rows/snapshots.js";
import type { StoredRow } from "../store/store.js";
import type { Tower } from "../tower.js";
import { readList, readObject, readText } from "./request-body.js";
import { changeRow, clearStatus, createRow, deleteRow } from "./row-tasks.js";
import { affected, assertUnlocked, visible, type Write } from "./write.js";

/** create-iscsi-lun-snapshot. The name need not be unique. */
export const createLunSnapshot: Write = (tower, request) =>
  readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, ["name!", "iscsi_lun_id!", "iscsi_target_id!", "effect"]);
    const name = readText(object, "name", path);
    const lun = visible(tower, request.viewer, "IscsiLun", readText(object, "iscsi_lun_id", path));
    visible(tower, request.viewer, "IscsiTarget", readText(object, "iscsi_target_id", path));
    const row = addLunSnapshot(tower, lun, name, tower.clock.now());
    return createRow(tower, request, row, {
      mutation: "createIscsiLunSnapshot",
      description: { en: `Create LUN snapshot ${name}`, zh: `创建 LUN 快照 ${name}` },
    });
  });

/** delete-iscsi-lun-snapshot. */
export const deleteLunSnapshot: Write = (tower, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  return affected(tower, request.viewer, "IscsiLunSnapshot", where).map((row) =>
    deleteRow(tower, request, row, {
      mutation: "deleteIscsiLunSnapshot",
      description: { en: `Delete LUN snapshot ${row.values.name}`, zh: `删除 LUN 快照 ${row.values.name}` },
    }),
  );
};

/** create-vm-volume-snapshot. The volume is locked until the task has ended. */
export const createVolumeSnapshot: Write = (tower, request) => {
  const requests = readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, ["volume_id!", "name!", "description!"]);
    const volume = visible(tower, request.viewer, "VmVolume", readText(object, "volume_id", path));
    return { volume, name: readText(object, "name", path), description: String(object.description) };
  });
  assertUnlocked(requests.map(({ volume }) => volume));
  return requests.map(({ volume, name, description }) => {
    const at = tower.clock.now();
    const lun = tower.store.get("IscsiLun", volume.values.lun);
    const ids = { localId: tower.random.uuid(), zbsId: lun ? tower.random.uuid() : null };
    const row = addVolumeSnapshot(tower, { volume, name, description, at, ...ids, status: "CREATING" });
    const change = {
      mutation: "createVmVolumeSnapshot",
      description: { en: `Create volume snapshot ${name}`, zh: `创建虚拟卷快照 ${name}` },
      done: (end: number) => {
        if (lun && ids.zbsId) addLunSnapshot(tower, lun, tower.random.uuid(), end, ids.zbsId);
        tower.store.patch(volume, { entityAsyncStatus: null });
      },
      failed: () => tower.store.patch(volume, { entityAsyncStatus: null }),
    };
    tower.store.patch(volume, { entityAsyncStatus: "UPDATING" });
    return createRow(tower, request, row, change);
  });
};

/** delete-vm-volume-snapshot. */
export const deleteVolumeSnapshot: Write = (tower, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  return affected(tower, request.viewer, "VmVolumeSnapshot", where).map((row) =>
    deleteRow(tower, request, row, {
      mutation: "deleteVmVolumeSnapshot",
      description: { en: `Delete volume snapshot ${row.values.name}`, zh: `删除虚拟卷快照 ${row.values.name}` },
      done: () => {
        const zbsId = row.values.zbs_snapshot_uuid;
        for (const part of zbsId ? [...tower.store.equal("IscsiLunSnapshot", "local_id", zbsId)] : [])
          tower.store.remove(part);
      },
    }),
  );
};

/** create-consistency-snapshot-group. The name need not be unique. The groups are locked until the tasks have ended. */
export const createGroupSnapshot: Write = (tower, request) => {
  const requests = readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, ["consistency_group_id!", "name!"]);
    const id = readText(object, "consistency_group_id", path);
    return { group: visible(tower, request.viewer, "ConsistencyGroup", id), name: readText(object, "name", path) };
  });
  const unlock = lock(tower, [...new Set(requests.map(({ group }) => group))], requests.length);
  return requests.map(({ group, name }) => {
    const row = addGroupSnapshot(tower, group, name, tower.clock.now(), "CREATING");
    return createRow(tower, request, row, {
      mutation: "createConsistencyGroupSnapshot",
      description: { en: `Create consistency group snapshot ${name}`, zh: `创建一致性组快照 ${name}` },
      done: (at) => {
        addMemberSnapshots(tower, group, row, at);
        unlock(at);
      },
      failed: unlock,
    });
  });
};

/**
 * rollback-consistency-snapshot-group. Replaces the data of the group's LUNs; its only visible effect is the task. The group, and the VMs
 * and volumes that its LUNs hold the data of, are locked until the task has ended.
 */
export const rollbackGroupSnapshot: Write = (tower, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  const rows = affected(tower, request.viewer, "ConsistencyGroupSnapshot", where);
  assertUnlocked(rows);
  const groups = [...new Set(rows.flatMap((row) => groupOf(tower, row)))];
  const luns = groups.flatMap(({ id }) => [...tower.store.referrers("IscsiLun", "consistency_group", id)]);
  const unlock = lock(tower, [...groups, ...new Set(luns.flatMap((lun) => usersOf(tower, lun)))], rows.length);
  return rows.map((row) => {
    const name = String(row.values.name);
    const description = { en: `Roll back to consistency group snapshot ${name}`, zh: `回滚至一致性组快照 ${name}` };
    const replace = (at: number) => {
      for (const lun of luns) {
        if (lun.values.consistency_group === row.values.consistency_group) replaceData(tower.store, lun);
      }
      unlock(at);
    };
    const change = { mutation: "rollbackConsistencyGroupSnapshot", description, done: replace, failed: replace };
    return {
      task_id: changeRow(tower, request, row, change),
      data: { ...tower.renderer.object(row, request.viewer, "en-US") },
    };
  });
};

/**
 * delete-consistency-snapshot-group. Also deletes the snapshots of its members, unless `remain_volume_snapshot` is true. The groups are
 * locked until the tasks have ended.
 */
export const deleteGroupSnapshot: Write = (tower, request) => {
  const { store } = tower;
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const { remain_volume_snapshot: remain } = readObject(data, "data", ["remain_volume_snapshot!"]);
  const rows = affected(tower, request.viewer, "ConsistencyGroupSnapshot", where);
  assertUnlocked(rows);
  const unlock = lock(tower, [...new Set(rows.flatMap((row) => groupOf(tower, row)))], rows.length);
  return rows.map((row) =>
    deleteRow(tower, request, row, {
      mutation: "deleteConsistencyGroupSnapshot",
      description: {
        en: `Delete consistency group snapshot ${row.values.name}`,
        zh: `删除一致性组快照 ${row.values.name}`,
      },
      done: (at) => {
        for (const entity of ["IscsiLunSnapshot", "NvmfNamespaceSnapshot"] as const) {
          for (const part of [...store.referrers(entity, "consistency_group_snapshot", row.id)]) {
            if (remain === true) store.patch(part, { consistency_group_snapshot: null });
            else store.remove(part);
          }
        }
        unlock(at);
      },
      failed: unlock,
    }),
  );
};

/** Locks rows until this number of tasks has ended; each calls the returned function. Throws ResourceLocked if one is locked already. */
function lock(tower: Tower, rows: readonly StoredRow[], tasks: number): (at: number) => void {
  assertUnlocked(rows);
  for (const row of rows) tower.store.patch(row, { entityAsyncStatus: "UPDATING" });
  let open = tasks;
  return (at) => {
    open -= 1;
    if (open === 0) for (const row of rows) clearStatus(tower, row, at);
  };
}

function groupOf({ store }: Tower, snapshot: StoredRow): StoredRow[] {
  const group = store.get("ConsistencyGroup", snapshot.values.consistency_group);
  return group === undefined ? [] : [group];
}

/** The volumes whose data a LUN holds, and the VMs that have them. */
function usersOf({ store }: Tower, lun: StoredRow): StoredRow[] {
  const volumes = [...store.referrers("VmVolume", "lun", lun.id)];
  const disks = volumes.flatMap(({ id }) => [...store.referrers("VmDisk", "vm_volume", id)]);
  return [...volumes, ...disks.flatMap((disk) => store.get("Vm", disk.values.vm) ?? [])];
}
