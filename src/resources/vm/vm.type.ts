import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/node.js";
import { Resource } from "../../graph/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/scalars.js";
import { commaList, textOrNull, time } from "../../graph/values.js";
import { AsyncStatus } from "../async-status.js";
import { Cpu } from "../cpu.type.js";
import { VmFirmware, VmStatus, VmToolsStatus } from "./vm.enums.js";

/** Source: `get-vms`. */
@ObjectType("Vm", { implements: Node, description: "A virtual machine." })
export class Vm extends Resource<"Vm"> {
  static override readonly typename = "Vm";
  static override readonly entity = "Vm";

  @Field(() => String, { description: "Name as shown to users; not unique." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => VmStatus.type, { description: "Power state." })
  get status(): string {
    return VmStatus.of(this.row.status);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to the VM; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.ofNullable(this.row.entityAsyncStatus);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the VM lies in the recycle bin." })
  get inRecycleBin(): boolean | null {
    return this.row.in_recycle_bin ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the VM belongs to the system and not to users." })
  get internal(): boolean | null {
    return this.row.internal ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of virtual CPUs." })
  get vcpuCount(): number | null {
    return this.row.vcpu ?? null;
  }

  @Field(() => Cpu, { nullable: true, description: "How the virtual CPUs are laid out." })
  get cpu(): Cpu | null {
    return this.row.cpu ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory in bytes." })
  get memoryBytes(): number | null {
    return this.row.memory ?? null;
  }

  @Field(() => VmFirmware.type, { description: "Firmware." })
  get firmware(): string {
    return VmFirmware.of(this.row.firmware);
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the VM is restarted on another host when its host fails.",
  })
  get highAvailability(): boolean | null {
    return this.row.ha ?? null;
  }

  @Field(() => VmToolsStatus.type, { description: "State of the guest agent, VMTools." })
  get vmToolsStatus(): string {
    return VmToolsStatus.of(this.row.vm_tools_status);
  }

  @Field(() => String, { nullable: true, description: "Version of the guest agent." })
  get vmToolsVersion(): string | null {
    return textOrNull(this.row.vm_tools_version);
  }

  @Field(() => String, { nullable: true, description: "Operating system, as the guest agent reports it." })
  get os(): string | null {
    return textOrNull(this.row.os);
  }

  @Field(() => String, { nullable: true, description: "Host name within the guest, as the guest agent reports it." })
  get hostname(): string | null {
    return textOrNull(this.row.hostname);
  }

  @Field(() => [String], { description: "IP addresses of the guest." })
  get ips(): string[] {
    return commaList(this.row.ips);
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that was promised to the VM's volumes, in bytes." })
  get provisionedSizeBytes(): number | null {
    return this.row.provisioned_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this VM takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
  }

  @Field(() => String, { nullable: true, description: "The VM's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the VM was created." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }
}
