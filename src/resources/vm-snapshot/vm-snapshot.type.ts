import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/node.js";
import { Resource } from "../../graph/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/scalars.js";
import { textOrNull, time } from "../../graph/values.js";
import { AsyncStatus } from "../async-status.js";
import { Cpu } from "../cpu.type.js";
import { VmFirmware } from "../vm/vm.enums.js";
import { Consistency } from "./vm-snapshot.enums.js";

/** Source: `get-vm-snapshots`. */
@ObjectType("VmSnapshot", {
  implements: Node,
  description: "A snapshot of a VM: its configuration and its disks, frozen.",
})
export class VmSnapshot extends Resource<"VmSnapshot"> {
  static override readonly typename = "VmSnapshot";
  static override readonly entity = "VmSnapshot";

  @Field(() => String, { description: "Name of the snapshot." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => Consistency.type, { description: "How consistent the data is, as CloudTower keeps it." })
  get consistency(): string {
    return Consistency.of(this.row.consistent_type);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to the snapshot; CREATING while it is not complete; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.ofNullable(this.row.entityAsyncStatus);
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of the snapshot, in bytes." })
  get sizeBytes(): number | null {
    return this.row.size ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of virtual CPUs that the VM had." })
  get vcpuCount(): number | null {
    return this.row.vcpu ?? null;
  }

  @Field(() => Cpu, { nullable: true, description: "How the virtual CPUs were laid out." })
  get cpu(): Cpu | null {
    return this.row.cpu ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory that the VM had, in bytes." })
  get memoryBytes(): number | null {
    return this.row.memory ?? null;
  }

  @Field(() => VmFirmware.type, { description: "Firmware that the VM had." })
  get firmware(): string {
    return VmFirmware.of(this.row.firmware);
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the VM was restarted on another host when its host failed.",
  })
  get highAvailability(): boolean | null {
    return this.row.ha ?? null;
  }

  @Field(() => String, { nullable: true, description: "The snapshot's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the snapshot was taken." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }
}
