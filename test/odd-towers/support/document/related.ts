import type { ResourceClass } from "../../../../src/graph/model/resource.js";
import type { Relation } from "../../../../src/graph/relations/relation.js";
import type { DocumentTower } from "./document-tower.js";
import type { StoredRow, World } from "./world.js";

type Json = Readonly<Record<string, unknown>>;

/**
 * The rows that a relation leads to from a row that `relationQuery` lists, as the tower's own rows tell. The expectation follows from the
 * relation's columns; those that schemas cannot tell are written down here.
 */
export function relatedRows(tower: DocumentTower, relation: Relation, row: StoredRow): readonly StoredRow[] {
  const { world, shapes } = tower;
  const named = NAMED[`${relation.from.typename}.${relation.field}`];
  if (named !== undefined) return named(world, row);
  const { entity } = relation.from as unknown as ResourceClass;
  const target = (relation.to as unknown as ResourceClass).entity;
  const via = relation.kind === "embedded" ? undefined : relation.rowColumns?.[0];
  if (via !== undefined && relation.kind !== "embedded" && relation.keyIsId) return naming(world, target, via, row.id);
  const column = relation.parentColumns[0] ?? "";
  const kind = shapes.of(entity).find(({ name }) => name === column)?.kind;
  const isMissing = kind === undefined;
  if (kind !== "one" && kind !== "many" && !isMissing) {
    throw new Error(`no expectation for ${relation.from.typename}.${relation.field}: add it to NAMED`);
  }
  return [row[column] ?? []].flat().flatMap((id) => world.find(id) ?? []);
}

/** Rows of a kind that name an id in a column. */
function naming(world: World, kind: string, column: string, id: unknown): readonly StoredRow[] {
  return world.of(kind).filter((row) => ([row[column] ?? []].flat() as unknown[]).includes(id));
}

function vmsOfVolumes(world: World, volumes: readonly StoredRow[]): readonly StoredRow[] {
  const disks = volumes.flatMap(({ id }) => naming(world, "VmDisk", "vm_volume", id));
  return [...new Set(disks.flatMap(({ vm }) => world.find(vm) ?? []))];
}

/** The objects that the frozen disks of a snapshot name. */
function frozen(kind: string, column: string, name: string, from = 0) {
  return (world: World, snapshot: StoredRow) =>
    ((snapshot.vm_disks ?? []) as Json[]).flatMap((disk) =>
      world.of(kind).filter((row) => {
        const clusterId = row.cluster ?? world.find(row.iscsi_target)?.cluster;
        return clusterId === snapshot.cluster && disk[name] && String(row[column]).slice(from) === disk[name];
      }),
    );
}

function previous(world: World, { id, iscsi_lun: lun }: StoredRow): readonly StoredRow[] {
  const all = world.of("IscsiLunSnapshot").filter((row) => lun && row.iscsi_lun === lun);
  const key = (row: StoredRow) => `${row.local_created_at} ${row.id}`;
  const sorted = all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return sorted
    .slice(
      0,
      sorted.findIndex((row) => row.id === id),
    )
    .slice(-1);
}

const itself = (_: World, row: StoredRow) => [row];
/** What a task is about, if it is of that kind. */
const resourceIn =
  (kind: string) =>
  (world: World, { resource_id: id }: StoredRow) =>
    world.of(kind).filter((row) => row.id === id);

const NAMED: Readonly<Record<string, (world: World, row: StoredRow) => readonly StoredRow[]>> = {
  "VmVolume.vms": (world, volume) => vmsOfVolumes(world, [volume]),
  "IscsiLun.volume": (world, { id }) => naming(world, "VmVolume", "lun", id),
  "IscsiLun.storageVolume": itself,
  "IscsiLunSnapshot.storageVolume": itself,
  "IscsiLunSnapshot.previous": previous,
  "IscsiLunSnapshot.volumeSnapshot": (world, row) =>
    naming(world, "VmVolumeSnapshot", "zbs_snapshot_uuid", row.local_id),
  "NvmfNamespace.storageVolume": itself,
  "NvmfNamespaceSnapshot.storageVolume": itself,
  "StorageVolume.lun": (world, { iscsi_lun }) => [world.find(iscsi_lun) ?? []].flat(),
  "StorageVolume.lunSnapshot": itself,
  "StorageVolume.namespace": (world, { nvmf_namespace }) => [world.find(nvmf_namespace) ?? []].flat(),
  "StorageVolume.namespaceSnapshot": itself,
  "StorageVolume.volume": (world, { id }) => naming(world, "VmVolume", "lun", id),
  "StorageVolume.vms": (world, { id }) => vmsOfVolumes(world, naming(world, "VmVolume", "lun", id)),
  "VmVolumeSnapshot.lunSnapshot": (world, row) =>
    frozenByZbs(world, row.cluster).filter(({ local_id }) => local_id === row.zbs_snapshot_uuid),
  "VmSnapshot.task": (world, { id }) =>
    naming(world, "Task", "resource_id", id).filter((task) => task.resource_mutation === "createVmSnapshot"),
  "VmSnapshot.disks": (_, { vm_disks }) => (vm_disks ?? []) as StoredRow[],
  "VmSnapshotDisk.snapshot": (_, row) => [row, row],
  "VmSnapshotDisk.lunSnapshot": frozen("IscsiLunSnapshot", "name", "snapshot_local_id"),
  "VmSnapshotDisk.volume": frozen("VmVolume", "local_id", "vm_volume_local_id"),
  "VmSnapshotDisk.volumeSnapshot": frozen("VmVolumeSnapshot", "local_id", "vm_volume_snapshot_uuid"),
  "VmSnapshotDisk.image": frozen("ElfImage", "local_id", "elf_image_local_id"),
  "VmSnapshotDisk.storagePolicy": frozen("ElfStoragePolicy", "local_id", "storage_policy_uuid", 37),
  "Task.vm": resourceIn("Vm"),
  "Task.vmSnapshot": resourceIn("VmSnapshot"),
  "Vm.tasks": (world, { id }) => naming(world, "Task", "resource_id", id),
};

function frozenByZbs(world: World, cluster: unknown): readonly StoredRow[] {
  return world.of("IscsiLunSnapshot").filter((row) => world.find(row.iscsi_target)?.cluster === cluster);
}
