import { Field, ID, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bigInteger, boolean, integer, text } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { globalId } from "../../kernel/text/global-id.js";
import { Bus, VmDiskType } from "../shared/disk.enums.js";
import { diskSlot, SLOT_DESCRIPTION } from "../shared/disk-slot.js";
import { IoRestriction } from "../shared/io-restriction.js";
import { type Reference, reference } from "../shared/reference.type.js";
import { diskKey } from "./disk-key.js";

const column = columnsOf("VmDisk");

/** Source: `get-vm-disks`. */
@ObjectType("VmDisk", {
  implements: Node,
  description: "A disk of a VM: a data disk backed by a volume, or a CD-ROM drive.",
})
export class VmDisk extends Resource<"VmDisk"> {
  static override readonly typename = "VmDisk";
  static override readonly entity = "VmDisk";

  @column.reads("vm", "type", "vm_volume", "bus", "key", "boot")
  @Field(() => ID, {
    description:
      "Global id, made of stable keys: VM and volume for a DISK; VM and slot for a CD_ROM. It stays the same when CloudTower re-creates the disk.",
  })
  override get id(): string {
    return globalId("VmDisk", diskKey(this.row));
  }

  @column.reads("id")
  @Field(() => String, {
    description: "CloudTower's id of the disk. It changes with every update of the VM; do not store it.",
  })
  override get cloudTowerId(): string {
    return this.row.id;
  }

  @column("type", VmDiskType, "Data disk or CD-ROM drive.", { filter: true })
  readonly type!: string;

  @column("bus", Bus, "How the disk is attached.", { filter: true })
  readonly bus!: string;

  @column("boot", integer, "Position in the boot order; disks are listed in this order.", { filter: true })
  readonly boot!: number | null;

  @column("key", integer, "Number of the disk on its bus.", { filter: true })
  readonly key!: number | null;

  @column.reads("bus", "key", "boot")
  @Field(() => String, { nullable: true, description: SLOT_DESCRIPTION })
  get slot(): string | null {
    return diskSlot(this.row);
  }

  @column("device", text, "Device name in the guest.", { filter: true })
  readonly device!: string | null;

  @column("serial", text, "Serial number that the guest sees.", { filter: true })
  readonly serial!: string | null;

  @column("disabled", boolean, "Whether the disk is disabled.", { filter: true })
  readonly disabled!: boolean | null;

  @column("max_bandwidth", bigInteger, "Bandwidth limit, in bytes per second.", { filter: true })
  readonly maxBandwidthBytesPerSecond!: number | null;

  @column("max_iops", integer, "IOPS limit.", { filter: true })
  readonly maxIops!: number | null;

  @column("max_bandwidth_policy", IoRestriction.orNull, "How the bandwidth limit is applied.")
  readonly maxBandwidthPolicy!: string | null;

  @column("max_iops_policy", IoRestriction.orNull, "How the IOPS limit is applied.")
  readonly maxIopsPolicy!: string | null;

  @column("svt_image", reference, "The guest tools image in a CD-ROM drive.")
  readonly svtImage!: Reference | null;

  @column("cloud_init_image_name", text, "Name of the cloud-init image in a CD-ROM drive.")
  readonly cloudInitImageName!: string | null;

  @column("cloud_init_image_path", text, "Path of the cloud-init image in a CD-ROM drive.")
  readonly cloudInitImagePath!: string | null;

  @column("unsafe_image_path", text, "Path of an image that CloudTower does not manage.")
  readonly unsafeImagePath!: string | null;

  @column("unsafe_image_uuid", text, "UUID of an image that CloudTower does not manage.")
  readonly unsafeImageUuid!: string | null;

  @column("unsafe_provision", text, "How space is provisioned for an image that CloudTower does not manage.")
  readonly unsafeProvision!: string | null;
}

/** Listing of disks. Its cursors contain CloudTower's ids, which are valid until the VM is changed. */
export const vmDiskList = new Listing(VmDisk, { byId: false });
