import type { Resource, ResourceClass } from "../graph/model/resource.js";
import type { LoadedRelation } from "../graph/relations/relation.js";
import type { ResultsByKey } from "../graph/relations/results-by-key.js";
import { declareRelation } from "../graph/schema/declare.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import { quote } from "../kernel/text/global-id.js";
import { ElfImage } from "../resources/elf-image/elf-image.type.js";
import { VmSnapshotDisk } from "../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";
import { VmVolumeSnapshot } from "../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import { readByKeys } from "../upstream/sound-rows.js";
import { entities } from "../upstream/wire/contract.js";
import type { Row, Where } from "../upstream/wire/types.js";
import { clusterKey, parseClusterKey } from "./lookups/cluster-key.js";

/** Entities found by a cluster and a local id within it. */
type Local = "VmVolume" | "VmVolumeSnapshot" | "ElfImage";

interface ByLocalId<E extends Local, C extends Resource<E>> {
  readonly field: string;
  readonly to: ResourceClass<E, C>;
  readonly description: string;
  /** Null or "" means none and is never sent. */
  localId(disk: VmSnapshotDisk): string | null | undefined;
}

/** VmSnapshotDisk → the live volume that it was taken of. */
export const snapshotDiskVolume = declareRelation(
  byLocalId({
    field: "volume",
    to: VmVolume,
    description: "The live volume that backed the disk; null for a CD-ROM drive, or if the volume is gone.",
    localId: (disk) => disk.row.vm_volume_local_id,
  }),
);

/** VmSnapshotDisk → its volume snapshot, a second path to the frozen data in ZBS. */
export const snapshotDiskVolumeSnapshot = declareRelation(
  byLocalId({
    field: "volumeSnapshot",
    to: VmVolumeSnapshot,
    description:
      "The snapshot of the volume that backed the disk. Its `zbsSnapshotUuid` is a cross-check for the `zbsId` found through `lunSnapshot`.",
    localId: (disk) => disk.row.vm_volume_snapshot_uuid,
  }),
);

/** VmSnapshotDisk → the live image that was in the CD-ROM drive. */
export const snapshotDiskImage = declareRelation(
  byLocalId({
    field: "image",
    to: ElfImage,
    description: "The image that was in the CD-ROM drive; null for a data disk, or if the image is gone.",
    localId: (disk) => disk.row.elf_image_local_id,
  }),
);

/** A relation by a local id within the snapshot's cluster. If several objects have the id, the result is an error, never a guess. */
function byLocalId<E extends Local, C extends Resource<E>>({
  field,
  to,
  description,
  localId,
}: ByLocalId<E, C>): LoadedRelation<VmSnapshotDisk, C> {
  return {
    kind: "loaded",
    from: VmSnapshotDisk,
    ...{ field, to, description },
    many: false,
    endpoints: [`get-${entities[to.entity].path}`],
    key(disk) {
      const cluster = disk.snapshot.cluster?.id;
      const local = localId(disk);
      return cluster && local ? clusterKey(cluster, local) : null;
    },
    keyIsId: false,
    parentColumns: ["cluster"],
    rowColumns: ["cluster", "local_id"],
    async load(session, keys) {
      const wanted = keys.map(parseClusterKey);
      const clusters = [...new Set(wanted.map(({ cluster }) => cluster))];
      const localIds = [...new Set(wanted.map(({ name }) => name))];
      const rows = await readByKeys(
        session,
        to.entity,
        localIds,
        (ids) => ({ local_id_in: ids, cluster: { id_in: clusters } }) as unknown as Where<E>,
      );
      const found: ResultsByKey<C> = new Map();
      for (const row of rows) {
        const { cluster, local_id: local } = row as unknown as Row<Local>;
        const key = clusterKey(cluster?.id, local ?? "");
        found.set(key, found.has(key) ? ambiguousLocalId(to.typename, local ?? "") : new to(row));
      }
      return found;
    },
  };
}

/** The error of an id that several objects have. */
export function ambiguousLocalId(typename: string, localId: string): TowerError {
  const message = `Several ${typename} objects with the local id ${quote(localId)} exist in the snapshot's cluster.`;
  return new TowerError(ErrorCode.AmbiguousName, message);
}
