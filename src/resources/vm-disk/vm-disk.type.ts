import { Field, ID, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bigInteger, boolean, integer, text } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { globalId } from "../../kernel/global-id.js";
import { Bus, VmDiskType } from "../shared/disk.enums.js";
import { IoRestriction } from "../shared/io-restriction.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { diskKey } from "./disk-key.js";

const column = columnsOf("VmDisk");

/** Source: `get-vm-disks`. */
@ObjectType("VmDisk", { implements: Node, description: "A disk of a VM: a data disk on a volume, or a CD-ROM drive." })
export class VmDisk extends Resource<"VmDisk"> {
  static override readonly typename = "VmDisk";
  static override readonly entity = "VmDisk";

  @column.reads("vm", "type", "vm_volume", "bus", "key", "boot")
  @Field(() => ID, {
    description:
      "Global id, made of stable keys: VM and volume for a DISK; VM, bus and key for a CD_ROM. It survives CloudTower's habit of re-creating disks.",
  })
  override get id(): string {
    return globalId("VmDisk", diskKey(this.row));
  }

  @column.reads("id")
  @Field(() => String, {
    description: "CloudTower's id of the disk. It changes with every update of the VM: do not keep it.",
  })
  override get cloudTowerId(): string {
    return this.row.id;
  }

  @column("type", VmDiskType, "Data disk or CD-ROM drive.", { filter: true })
  readonly type!: string;

  @column("bus", Bus, "How the disk is attached.", { filter: true })
  readonly bus!: string;

  @column("boot", integer, "Place in the boot order; disks are listed by it.", { filter: true, order: true })
  readonly boot!: number | null;

  @column("key", integer, "Number of the disk on its bus.", { filter: true, order: true })
  readonly key!: number | null;

  @column("device", text, "Device name within the guest.", { filter: true })
  readonly device!: string | null;

  @column("serial", text, "Serial number that the guest sees.", { filter: true })
  readonly serial!: string | null;

  @column("disabled", boolean, "Whether the disk is switched off.", { filter: true })
  readonly disabled!: boolean | null;

  @column("max_bandwidth", bigInteger, "Limit of the bandwidth, in bytes per second.", { filter: true, order: true })
  readonly maxBandwidthBytesPerSecond!: number | null;

  @column("max_iops", integer, "Limit of operations per second.", { filter: true, order: true })
  readonly maxIops!: number | null;

  @column("max_bandwidth_policy", IoRestriction.orNull, "How the limit of the bandwidth is applied.")
  readonly maxBandwidthPolicy!: string | null;

  @column("max_iops_policy", IoRestriction.orNull, "How the limit of operations is applied.")
  readonly maxIopsPolicy!: string | null;

  @column("svt_image", reference, "The guest-agent image in a CD-ROM drive.")
  readonly svtImage!: Reference | null;

  @column("cloud_init_image_name", text, "Name of the cloud-init image in a CD-ROM drive.")
  readonly cloudInitImageName!: string | null;

  @column("cloud_init_image_path", text, "Path of the cloud-init image in a CD-ROM drive.")
  readonly cloudInitImagePath!: string | null;

  @column("unsafe_image_path", text, "Path of an image that CloudTower does not manage.")
  readonly unsafeImagePath!: string | null;

  @column("unsafe_image_uuid", text, "UUID of an image that CloudTower does not manage.")
  readonly unsafeImageUuid!: string | null;

  @column("unsafe_provision", text, "How the space of such an image is taken.")
  readonly unsafeProvision!: string | null;
}

/** How disks are listed. Cursors hold CloudTower's ids, which last as long as nobody changes the VM. */
export const vmDiskList = new Listing(VmDisk, { byId: false });
