import { createHash } from "node:crypto";
import serialize from "canonicalize";
import { type GraphQLSchema, getNamedType, isListType, isNonNullType, isObjectType } from "graphql";
import { Field, Int, ObjectType } from "type-graphql";
import { followMany, followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { DateTimeScalar, JsonScalar } from "../../graph/model/scalars.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { diskVolume } from "../../relations/disk-volume.js";
import { lunSnapshotPrevious } from "../../relations/lun-snapshot-previous.js";
import { vmDisks } from "../../relations/vm-disks.js";
import { vmNics } from "../../relations/vm-nics.js";
import { snapshotVm } from "../../relations/vm-snapshots.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { type FrozenDisk, usableSnapshot } from "../snapshot-data/snapshot-data.js";
import { manifestDocument } from "./manifest-document.js";
import { usableZbsId } from "./usable-data.js";

/** A data disk of the snapshot, and the snapshot that an incremental backup compares it with. */
@ObjectType("BackupManifestDisk", {
  description: "A data disk of a snapshot, and the previous snapshot of its LUN.",
})
export class BackupManifestDisk {
  @Field(() => Int, { nullable: true, description: "Index among the snapshot's disks." })
  readonly index!: number | null;

  @Field(() => String, { description: "The ZBS volume with the frozen data." })
  readonly zbsId!: string;

  @Field(() => IscsiLunSnapshot, {
    nullable: true,
    description: "The previous snapshot of the LUN; null for the first, or if the LUN is gone.",
  })
  readonly previous!: IscsiLunSnapshot | null;
}

/** A canonical document of what a snapshot froze, with what changes over time beside it. */
@ObjectType("BackupManifest", {
  description: "What a snapshot froze, as a document that never changes, and beside it what does change.",
})
export class BackupManifest {
  static readonly typename = "BackupManifest";

  @Field(() => Int, { description: "Version of the document's shape." })
  readonly version: number = manifestDocument.version;

  @Field(() => String, {
    description:
      "The document as canonical JSON (RFC 8785): the same bytes on each read, also by later versions of TowerQL and after an upgrade of CloudTower. CPU, memory, firmware, disks with their LUN snapshots and ZBS ids, NICs, and the input of `rebuildVmFromSnapshot`. Values are CloudTower's own, including those that this version does not know; half a character in a name is U+FFFD.",
  })
  readonly json: string;

  @Field(() => String, { description: "SHA-256 of the document's UTF-8 bytes, in lowercase hexadecimal." })
  readonly sha256: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "When the snapshot was taken; null if CloudTower does not say. Not part of the hashed document.",
  })
  readonly createdAt: string | null;

  constructor(
    readonly snapshot: VmSnapshot,
    readonly disks: readonly FrozenDisk[],
  ) {
    this.createdAt = snapshot.createdAt;
    this.json = serialize(manifestDocument.build(snapshot, disks)) as string;
    this.sha256 = createHash("sha256").update(this.json, "utf8").digest("hex");
  }
}

/** VmSnapshot → its manifest. */
export const snapshotBackupManifest = computedField<VmSnapshot>({
  from: VmSnapshot,
  field: "backupManifest",
  // The data by two paths and open tasks; what the VM has, if lists are null.
  calls: { perBatch: 3 + 4 },
  type: () => BackupManifest,
  nullable: true,
  description:
    "What the snapshot froze, as a canonical document with its hash. Fails with SNAPSHOT_NOT_READY until the snapshot is usable and everything that the document has is known; never a document that could differ later.",
  async resolve(snapshot, _, { graph }) {
    const usable = await usableSnapshot(graph, snapshot);
    return new BackupManifest(usable.snapshot, usable.disks);
  },
});

/** BackupManifest → the current VM. */
export const manifestCurrentVm = computedField<BackupManifest>({
  from: BackupManifest,
  field: "currentVm",
  calls: { perBatch: 4 },
  type: () => JsonScalar,
  nullable: true,
  description:
    "The VM's current configuration: its own fields, its disks with their volumes, and its NICs, under the names of this schema. Null if the VM is gone. Not part of the hashed document.",
  async resolve({ snapshot }, _, { graph }, { schema }) {
    const vm = await followOne(graph, snapshotVm, snapshot);
    if (vm === null) return null;
    const [disks, nics] = await Promise.all([followMany(graph, vmDisks, vm), followMany(graph, vmNics, vm)]);
    const withVolumes = disks.map(async (disk) => {
      const volume = await followOne(graph, diskVolume, disk);
      return { ...plain(schema, graph, "VmDisk", disk), volume: volume && plain(schema, graph, "VmVolume", volume) };
    });
    return {
      ...plain(schema, graph, "Vm", vm),
      disks: await Promise.all(withVolumes),
      nics: nics.map((nic) => plain(schema, graph, "VmNic", nic)),
    };
  },
});

/** BackupManifest → each data disk with the previous snapshot of its LUN. */
export const manifestDisks = computedField<BackupManifest>({
  from: BackupManifest,
  field: "disks",
  // The disks of some snapshots may be known before those of others.
  calls: { perBatch: 2 },
  type: () => [BackupManifestDisk],
  nullable: true,
  description: "The data disks, each with the previous snapshot of its LUN. Not part of the hashed document.",
  resolve: ({ disks }, _, { graph }) =>
    Promise.all(
      disks.flatMap(({ disk, lunSnapshot }) =>
        disk.row.type !== "DISK" || lunSnapshot === null ? [] : [withPrevious(graph, disk.index, lunSnapshot)],
      ),
    ),
});

async function withPrevious(graph: GraphContext, index: number | null, lunSnapshot: IscsiLunSnapshot) {
  const previous = await followOne(graph, lunSnapshotPrevious, lunSnapshot);
  return { index, zbsId: usableZbsId(lunSnapshot) ?? "", previous };
}

/** All fields of an object that come from its own row: relations and computed fields are left out. */
function plain(schema: GraphQLSchema, graph: GraphContext, typename: string, object: object): Record<string, unknown> {
  const type = schema.getType(typename);
  if (!isObjectType(type)) return {};
  const own = Object.values(type.getFields()).filter(
    (field) => graph.registry.relation(typename, field.name) === undefined && field.resolve === undefined,
  );
  return Object.fromEntries(
    own.map((field) => {
      const value = (object as Record<string, unknown>)[field.name] ?? null;
      const below = getNamedType(field.type);
      if (value === null || !isObjectType(below)) return [field.name, value];
      const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
      const nested = (item: unknown) => plain(schema, graph, below.name, item as object);
      return [field.name, isList ? (value as unknown[]).map(nested) : nested(value)];
    }),
  );
}
