import { Field, ObjectType } from "type-graphql";
import { bigInteger, boolean, bytes, integer, text } from "../../graph/model/codec.js";
import { columnsOfEmbedded } from "../../graph/model/column.js";
import type { GraphObject } from "../../graph/model/graph-object.js";
import type { Embedded, Row } from "../../upstream/wire/types.js";
import { Bus, VmDiskType } from "../shared/disk.enums.js";
import { diskSlot, SLOT_DESCRIPTION } from "../shared/disk-slot.js";
import { IoRestriction } from "../shared/io-restriction.js";

const column = columnsOfEmbedded("NestedFrozenDisks");

/** A disk as frozen by a snapshot, embedded in the snapshot's row. */
@ObjectType("VmSnapshotDisk", { description: "A disk as frozen by a VM snapshot." })
export class VmSnapshotDisk implements GraphObject {
  static readonly typename = "VmSnapshotDisk";

  [relationKey: `@${string}`]: unknown;

  constructor(
    readonly row: Embedded<"NestedFrozenDisks">,
    readonly snapshot: Row<"VmSnapshot">,
  ) {}

  @column("index", integer, "Index among the snapshot's disks.")
  readonly index!: number | null;

  @column("type", VmDiskType, "Data disk or CD-ROM drive; only data disks have data to back up.")
  readonly type!: string;

  @column("bus", Bus, "How the disk was attached.")
  readonly bus!: string;

  @column("boot", integer, "Position in the boot order.")
  readonly boot!: number | null;

  @column("key", integer, "Number of the disk on its bus.")
  readonly key!: number | null;

  @column.reads("bus", "key", "boot")
  @Field(() => String, { nullable: true, description: SLOT_DESCRIPTION })
  get slot(): string | null {
    return diskSlot(this.row);
  }

  @column("disk_name", text, "Name of the disk.")
  readonly name!: string | null;

  @column("size", bytes, "Size of the disk when it was frozen, in bytes.")
  readonly sizeBytes!: number | null;

  @column("disabled", boolean, "Whether the disk was disabled.")
  readonly disabled!: boolean | null;

  @column("path", text, "Access path of the LUN that backed the disk.")
  readonly path!: string | null;

  @column("snapshot_local_id", text, "Name of the LUN snapshot with the disk's data; see `lunSnapshot`.")
  readonly snapshotLocalId!: string | null;

  @column("vm_volume_local_id", text, "`localId` of the volume that backed the disk; see `volume`.")
  readonly volumeLocalId!: string | null;

  @column("elf_image_local_id", text, "`localId` of the image in a CD-ROM drive.")
  readonly imageLocalId!: string | null;

  @column("image_name", text, "Name of the image in a CD-ROM drive.")
  readonly imageName!: string | null;

  @column("svt_image_local_id", text, "Id of the guest tools image in a CD-ROM drive, within its cluster.")
  readonly svtImageLocalId!: string | null;

  @column(
    "storage_policy_uuid",
    text,
    "Id of the disk's storage policy, which the policy's `localId` ends with; see `storagePolicy`.",
  )
  readonly storagePolicyUuid!: string | null;

  @column("vm_volume_snapshot_uuid", text, "`localId` of the volume snapshot; see `volumeSnapshot`.")
  readonly volumeSnapshotUuid!: string | null;

  @column("vm_volume_template_uuid", text, "Id of the volume template that the disk was created from.")
  readonly volumeTemplateUuid!: string | null;

  @column("resident_in_cache", boolean, "Whether the disk's data stayed in the cache.")
  readonly residentInCache!: boolean | null;

  @column("max_bandwidth", bigInteger, "Bandwidth limit, in bytes per second.")
  readonly maxBandwidthBytesPerSecond!: number | null;

  @column("max_bandwidth_policy", IoRestriction.orNull, "How the bandwidth limit was applied.")
  readonly maxBandwidthPolicy!: string | null;

  @column("max_iops", integer, "IOPS limit.")
  readonly maxIops!: number | null;

  @column("max_iops_policy", IoRestriction.orNull, "How the IOPS limit was applied.")
  readonly maxIopsPolicy!: string | null;
}
