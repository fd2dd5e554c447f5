import type { StoredRow, World } from "./world.js";

type Json = Record<string, unknown>;
type Written = { readonly task_id: string | null; readonly data: { readonly id: string } };

/** Number of calls after which a task ends. */
const CALLS_PER_TASK = 6;

/**
 * The writes of a CloudTower as its clients describe it: a placeholder is returned at once, the object has `placeholder-<uuid>` as its
 * local id until it is made, and the task ends some calls later. Frozen disks are named as the storage system names them.
 */
export class Writes {
  /** What is done when this many more calls have come. */
  private readonly due: { calls: number; readonly act: () => void }[] = [];

  constructor(private readonly world: World) {}

  /** Counts a call, and does what is due. */
  tick(): void {
    for (const item of this.due) item.calls -= 1;
    while (this.due[0] !== undefined && this.due[0].calls <= 0) this.due.shift()?.act();
  }

  /** Does a write; undefined if it is none of those that the gateway knows. `matching` finds the rows of a kind that a filter matches. */
  write(endpoint: string, body: Json, matching: (kind: string) => readonly StoredRow[]): Written[] | undefined {
    switch (endpoint) {
      case "create-vm-snapshot":
        return (body.data as Json[]).map((item) => this.create(item));
      case "delete-vm-snapshot":
        return matching("VmSnapshot").map((row) => this.delete(row, "VmSnapshot"));
      case "rollback-vm":
        return matching("Vm").map((row) => this.change("rollbackVm", row));
      case "rebuild-vm-from-snapshot":
        return (body as unknown as Json[]).map((item) => this.rebuild(item));
      case "create-consistency-snapshot-group":
        return (body as unknown as Json[]).map((item) => this.createGroupSnapshot(item));
      case "rollback-consistency-snapshot-group":
        return matching("ConsistencyGroupSnapshot").map((row) => this.change("updateConsistencyGroupSnapshot", row));
      case "delete-consistency-snapshot-group":
        return matching("ConsistencyGroupSnapshot").map((row) => this.delete(row, "ConsistencyGroupSnapshot"));
      default:
        return undefined;
    }
  }

  private create({ vm_id, name, consistent_type }: Json): Written {
    const vm = this.world.find(vm_id) as StoredRow;
    const making = { local_id: `placeholder-${this.world.uuid()}`, entityAsyncStatus: "CREATING", vm_disks: null };
    const snapshot = this.world.add("VmSnapshot", {
      ...{ name, consistent_type, vm: vm.id, cluster: vm.cluster, labels: [], vm_nics: [], ...making },
      local_created_at: new Date().toISOString(),
    });
    return this.task("createVmSnapshot", "VM_SNAPSHOT", snapshot, () => {
      const disks = this.world.of("VmDisk").filter((disk) => disk.vm === vm.id && disk.vm_volume);
      Object.assign(snapshot, { local_id: this.world.uuid(), entityAsyncStatus: null });
      snapshot.vm_disks = disks.map((disk) => this.freeze(disk, snapshot));
    });
  }

  private freeze(disk: StoredRow, { cluster, local_created_at }: StoredRow): Json {
    const volume = this.world.find(disk.vm_volume) as StoredRow;
    const lun = this.world.find(volume.lun) as StoredRow;
    const made = { entityAsyncStatus: null, local_created_at, labels: [] };
    const lunSnapshot = this.world.add("IscsiLunSnapshot", {
      ...{ ...made, name: this.world.uuid(), local_id: this.world.uuid() },
      ...{ iscsi_lun: lun.id, iscsi_target: lun.iscsi_target, consistency_group_snapshot: null },
    });
    const volumeSnapshot = this.world.add("VmVolumeSnapshot", {
      ...{ ...made, cluster, local_id: this.world.uuid(), vm_volume: volume.id },
      zbs_snapshot_uuid: lunSnapshot.local_id,
    });
    return {
      ...this.world.embedded("VmSnapshot", "vm_disks"),
      ...{ type: "DISK", boot: disk.boot, size: volume.size, snapshot_local_id: lunSnapshot.name },
      ...{ vm_volume_local_id: volume.local_id, vm_volume_snapshot_uuid: volumeSnapshot.local_id },
    };
  }

  private createGroupSnapshot({ consistency_group_id, name }: Json): Written {
    const making = { local_id: `placeholder-${this.world.uuid()}`, entityAsyncStatus: "CREATING", labels: [] };
    const snapshot = this.world.add("ConsistencyGroupSnapshot", {
      ...{ name, consistency_group: consistency_group_id, Iscsi_lun_snapshots: [], nvmf_namespace_snapshots: [] },
      ...{ ...making, local_created_at: new Date().toISOString() },
    });
    return this.task("createConsistencyGroupSnapshot", "CONSISTENCY_GROUP_SNAPSHOT", snapshot, () => {
      Object.assign(snapshot, { local_id: this.world.uuid(), entityAsyncStatus: null });
      const luns = this.world.of("IscsiLun").filter((lun) => lun.consistency_group === consistency_group_id);
      for (const lun of luns) {
        this.world.add("IscsiLunSnapshot", {
          ...{ name: this.world.uuid(), local_id: this.world.uuid(), entityAsyncStatus: null, labels: [] },
          ...{ iscsi_lun: lun.id, iscsi_target: lun.iscsi_target, consistency_group_snapshot: snapshot.id },
        });
      }
    });
  }

  private delete(snapshot: StoredRow, kind: string): Written {
    snapshot.entityAsyncStatus = "DELETING";
    return this.task(`delete${kind}`, inUpperCase(kind), snapshot, () => this.world.remove(kind, snapshot.id));
  }

  private change(mutation: string, row: StoredRow): Written {
    row.entityAsyncStatus = "UPDATING";
    return this.task(mutation, "VM", row, () => Object.assign(row, { entityAsyncStatus: null }));
  }

  private rebuild({ name, rebuild_from_snapshot_id }: Json): Written {
    const { cluster } = this.world.find(rebuild_from_snapshot_id) as StoredRow;
    const vm = this.world.add("Vm", { name, cluster, local_id: `placeholder-${this.world.uuid()}` });
    Object.assign(vm, { entityAsyncStatus: "CREATING", in_recycle_bin: false });
    return this.task("rebuildVmFromSnapshot", "VM", vm, () => Object.assign(vm, { entityAsyncStatus: null }));
  }

  private task(mutation: string, type: string, row: StoredRow, act: () => void): Written {
    const open = { status: "EXECUTING", progress: 0.5, finished_at: null, error_code: null, error_message: null };
    const task = this.world.add("Task", {
      ...{
        ...open,
        args: {},
        cluster: row.cluster ?? this.world.find(row.consistency_group)?.cluster,
        type: null,
        snapshot: JSON.stringify({ typename: type, id: row.id }),
      },
      ...{ resource_id: row.id, resource_type: type, resource_mutation: mutation, description: mutation },
      local_created_at: new Date().toISOString(),
    });
    const end = () => {
      act();
      Object.assign(task, { status: "SUCCESSED", progress: 1, finished_at: new Date().toISOString() });
    };
    this.due.push({ calls: CALLS_PER_TASK, act: end });
    return { task_id: task.id, data: { id: row.id } };
  }
}

function inUpperCase(kind: string): string {
  return kind.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}
