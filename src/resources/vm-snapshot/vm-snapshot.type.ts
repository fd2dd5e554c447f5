import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Cpu } from "../shared/cpu.type.js";
import { IoPolicy, IoRestriction } from "../shared/io-restriction.js";
import { Reference, referenceTo } from "../shared/reference.type.js";
import { ClockOffset, VmFirmware } from "../shared/vm-configuration.enums.js";
import { Consistency } from "./vm-snapshot.enums.js";
import { VmSnapshotNic } from "./vm-snapshot-nic.type.js";

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
    return Consistency.fromUpstream(this.row.consistent_type);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to the snapshot; CREATING while it is not complete; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
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
    return VmFirmware.fromUpstream(this.row.firmware);
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

  @Field(() => [VmSnapshotNic], {
    nullable: true,
    description: "The NICs as they were frozen; null while the snapshot is not complete.",
  })
  get nics(): VmSnapshotNic[] | null {
    return this.row.vm_nics?.map((nic) => new VmSnapshotNic(nic)) ?? null;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the snapshot was taken." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }

  @Field(() => String, { nullable: true, description: "CPU model that the VM had." })
  get cpuModel(): string | null {
    return textOrNull(this.row.cpu_model);
  }

  @Field(() => ClockOffset.type, { description: "What the VM's hardware clock showed." })
  get clockOffset(): string {
    return ClockOffset.fromUpstream(this.row.clock_offset);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the VM's hardware was tuned for Windows." })
  get windowsOptimized(): boolean | null {
    return this.row.win_opt ?? null;
  }

  @Field(() => IoPolicy.type, { nullable: true, description: "What the VM's limits were applied to." })
  get ioPolicy(): string | null {
    return IoPolicy.fromUpstreamOrNull(this.row.io_policy);
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Limit of the bandwidth of all disks together, in bytes per second.",
  })
  get maxBandwidthBytesPerSecond(): number | null {
    return this.row.max_bandwidth ?? null;
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How that limit was applied." })
  get maxBandwidthPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_bandwidth_policy);
  }

  @Field(() => Int, { nullable: true, description: "Limit of operations per second of all disks together." })
  get maxIops(): number | null {
    return this.row.max_iops ?? null;
  }

  @Field(() => IoRestriction.type, { nullable: true, description: "How that limit was applied." })
  get maxIopsPolicy(): string | null {
    return IoRestriction.fromUpstreamOrNull(this.row.max_iops_policy);
  }

  @Field(() => Reference, {
    nullable: true,
    description: "The group of snapshots that a snapshot plan took together with this one.",
  })
  get snapshotGroup(): Reference | null {
    return referenceTo(this.row.snapshot_group);
  }
}
