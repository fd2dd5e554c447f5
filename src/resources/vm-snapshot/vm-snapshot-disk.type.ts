import { Field, Int, ObjectType } from "type-graphql";
import type { GraphObject } from "../../graph/model/graph-object.js";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { textOrNull } from "../../graph/model/upstream-values.js";
import type { Embedded, Row } from "../../upstream/wire/types.js";
import { Bus, VmDiskType } from "../shared/disk.enums.js";
import { IoRestriction } from "../shared/io-restriction.js";

/** A disk as a snapshot froze it; it arrives whole within the snapshot's row. */
@ObjectType("VmSnapshotDisk", { description: "A disk as a VM snapshot froze it." })
export class VmSnapshotDisk implements GraphObject {
  static readonly typename = "VmSnapshotDisk";

  [joined: `@${string}`]: unknown;

  constructor(
    readonly row: Embedded<"NestedFrozenDisks">,
    readonly snapshot: Row<"VmSnapshot">,
  ) {}

  @Field(() => Int, { nullable: true, description: "Place among the snapshot's disks." })
  get index(): number | null {
    return this.row.index ?? null;
  }

  @Field(() => VmDiskType.type, { description: "Data disk or CD-ROM drive; only data disks have data to back up." })
  get type(): string {
    return VmDiskType.fromUpstream(this.row.type);
  }

  @Field(() => Bus.type, { description: "How the disk was attached." })
  get bus(): string {
    return Bus.fromUpstream(this.row.bus);
  }

  @Field(() => Int, { nullable: true, description: "Place in the boot order." })
  get boot(): number | null {
    return this.row.boot ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of the disk on its bus." })
  get key(): number | null {
    return this.row.key ?? null;
  }

  @Field(() => String, { nullable: true, description: "Name of the disk." })
  get name(): string | null {
    return textOrNull(this.row.disk_name);
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of the disk when it was frozen, in bytes." })
  get sizeBytes(): number | null {
    return this.row.size ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the disk was switched off." })
  get disabled(): boolean | null {
    return this.row.disabled ?? null;
  }

  @Field(() => String, { nullable: true, description: "Access path of the LUN that the disk stood on." })
  get path(): string | null {
    return textOrNull(this.row.path);
  }

  @Field(() => String, {
    nullable: true,
    description: "Name of the LUN snapshot with the disk's data; `lunSnapshot` is the same as an object.",
  })
  get snapshotLocalId(): string | null {
    return textOrNull(this.row.snapshot_local_id);
  }

  @Field(() => String, { nullable: true, description: "`localId` of the volume that the disk stood on." })
  get volumeLocalId(): string | null {
    return textOrNull(this.row.vm_volume_local_id);
  }

  @Field(() => String, { nullable: true, description: "`localId` of the image in a CD-ROM drive." })
  get imageLocalId(): string | null {
    return textOrNull(this.row.elf_image_local_id);
  }

  @Field(() => String, { nullable: true, description: "Name of the image in a CD-ROM drive." })
  get imageName(): string | null {
    return textOrNull(this.row.image_name);
  }

  @Field(() => String, {
    nullable: true,
    description: "Id of the guest-agent image in a CD-ROM drive, within its cluster.",
  })
  get svtImageLocalId(): string | null {
    return textOrNull(this.row.svt_image_local_id);
  }

  @Field(() => String, { nullable: true, description: "Id of the disk's storage policy, within its cluster." })
  get storagePolicyUuid(): string | null {
    return textOrNull(this.row.storage_policy_uuid);
  }

  @Field(() => String, {
    nullable: true,
    description: "`localId` of the volume snapshot; `volumeSnapshot` is the same as an object.",
  })
  get volumeSnapshotUuid(): string | null {
    return textOrNull(this.row.vm_volume_snapshot_uuid);
  }

  @Field(() => String, { nullable: true, description: "Id of the volume template that the disk was made from." })
  get volumeTemplateUuid(): string | null {
    return textOrNull(this.row.vm_volume_template_uuid);
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Limit of the bandwidth, in bytes per second." })
  get maxBandwidthBytesPerSecond(): number | null {
    return this.row.max_bandwidth ?? null;
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How the limit of the bandwidth was applied." })
  get maxBandwidthPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_bandwidth_policy);
  }

  @Field(() => Int, { nullable: true, description: "Limit of operations per second." })
  get maxIops(): number | null {
    return this.row.max_iops ?? null;
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How the limit of operations was applied." })
  get maxIopsPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_iops_policy);
  }
}
