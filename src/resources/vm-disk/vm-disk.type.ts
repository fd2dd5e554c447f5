import { Field, ID, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { textOrNull } from "../../graph/model/upstream-values.js";
import { globalId } from "../../kernel/global-id.js";
import { Bus, VmDiskType } from "../shared/disk.enums.js";
import { IoRestriction } from "../shared/io-restriction.js";
import { Reference, referenceTo } from "../shared/reference.type.js";
import { diskKey } from "./disk-key.js";

/** Source: `get-vm-disks`. */
@ObjectType("VmDisk", { implements: Node, description: "A disk of a VM: a data disk on a volume, or a CD-ROM drive." })
export class VmDisk extends Resource<"VmDisk"> {
  static override readonly typename = "VmDisk";
  static override readonly entity = "VmDisk";

  @Field(() => ID, {
    description:
      "Global id, made of stable keys: VM and volume for a DISK; VM, bus and key for a CD_ROM. It survives CloudTower's habit of re-creating disks.",
  })
  override get id(): string {
    return globalId("VmDisk", diskKey(this.row));
  }

  @Field(() => String, {
    description: "CloudTower's id of the disk. It changes with every update of the VM: do not keep it.",
  })
  override get cloudTowerId(): string {
    return this.row.id;
  }

  @Field(() => VmDiskType.type, { description: "Data disk or CD-ROM drive." })
  get type(): string {
    return VmDiskType.fromUpstream(this.row.type);
  }

  @Field(() => Bus.type, { description: "How the disk is attached." })
  get bus(): string {
    return Bus.fromUpstream(this.row.bus);
  }

  @Field(() => Int, { nullable: true, description: "Place in the boot order; disks are listed by it." })
  get boot(): number | null {
    return this.row.boot ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of the disk on its bus." })
  get key(): number | null {
    return this.row.key ?? null;
  }

  @Field(() => String, { nullable: true, description: "Device name within the guest." })
  get device(): string | null {
    return textOrNull(this.row.device);
  }

  @Field(() => String, { nullable: true, description: "Serial number that the guest sees." })
  get serial(): string | null {
    return textOrNull(this.row.serial);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the disk is switched off." })
  get disabled(): boolean | null {
    return this.row.disabled ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Limit of the bandwidth, in bytes per second." })
  get maxBandwidthBytesPerSecond(): number | null {
    return this.row.max_bandwidth ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Limit of operations per second." })
  get maxIops(): number | null {
    return this.row.max_iops ?? null;
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How the limit of the bandwidth is applied." })
  get maxBandwidthPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_bandwidth_policy);
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How the limit of operations is applied." })
  get maxIopsPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_iops_policy);
  }

  @Field(() => Reference, { nullable: true, description: "The guest-agent image in a CD-ROM drive." })
  get svtImage(): Reference | null {
    return referenceTo(this.row.svt_image);
  }

  @Field(() => String, { nullable: true, description: "Name of the cloud-init image in a CD-ROM drive." })
  get cloudInitImageName(): string | null {
    return textOrNull(this.row.cloud_init_image_name);
  }

  @Field(() => String, { nullable: true, description: "Path of the cloud-init image in a CD-ROM drive." })
  get cloudInitImagePath(): string | null {
    return textOrNull(this.row.cloud_init_image_path);
  }

  @Field(() => String, { nullable: true, description: "Path of an image that CloudTower does not manage." })
  get unsafeImagePath(): string | null {
    return textOrNull(this.row.unsafe_image_path);
  }

  @Field(() => String, { nullable: true, description: "UUID of an image that CloudTower does not manage." })
  get unsafeImageUuid(): string | null {
    return textOrNull(this.row.unsafe_image_uuid);
  }

  @Field(() => String, { nullable: true, description: "How the space of such an image is taken." })
  get unsafeProvision(): string | null {
    return textOrNull(this.row.unsafe_provision);
  }
}
