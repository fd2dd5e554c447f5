import { Field, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import {
  bigInteger,
  boolean,
  bytes,
  integer,
  requiredText,
  text,
  time,
  verbatimText,
} from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { objectList } from "../../kernel/odd-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Consistency } from "../shared/consistency.js";
import { Cpu } from "../shared/cpu.type.js";
import { IoPolicy, IoRestriction } from "../shared/io-restriction.js";
import { ClockOffset, HaPriority, VmFirmware } from "../shared/vm-configuration.enums.js";
import { leaseCondition } from "./lease-condition.js";
import { VmSnapshotNic } from "./vm-snapshot-nic.type.js";

const column = columnsOf("VmSnapshot");

/** Source: `get-vm-snapshots`. */
@ObjectType("VmSnapshot", {
  implements: Node,
  description: "A snapshot of a VM: its configuration and disks, frozen.",
})
export class VmSnapshot extends Resource<"VmSnapshot"> {
  static override readonly typename = "VmSnapshot";
  static override readonly entity = "VmSnapshot";

  @column("name", requiredText, "Name of the snapshot.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("consistent_type", Consistency, "Consistency of the data, as recorded by CloudTower.", { filter: true })
  readonly consistency!: string;

  @column(
    "entityAsyncStatus",
    AsyncStatus.orNull,
    "Change in progress; null if none. CREATING until the snapshot is complete.",
    { filter: true },
  )
  readonly asyncStatus!: string | null;

  @column("size", bytes, "Size of the snapshot, in bytes.", { filter: true })
  readonly sizeBytes!: number | null;

  @column("vcpu", integer, "Number of virtual CPUs that the VM had.", { filter: true })
  readonly vcpuCount!: number | null;

  @column.reads("cpu")
  @Field(() => Cpu, { nullable: true, description: "Topology of the VM's virtual CPUs." })
  get cpu(): Cpu | null {
    return this.row.cpu ?? null;
  }

  @column("memory", bytes, "Memory that the VM had, in bytes.", { filter: true })
  readonly memoryBytes!: number | null;

  @column("firmware", VmFirmware, "Firmware that the VM had.")
  readonly firmware!: string;

  @column("ha", boolean, "Whether the VM was set to restart on another host if its host failed.")
  readonly highAvailability!: boolean | null;

  @column("ha_priority", HaPriority.orNull, "Priority that the VM had when VMs of a failed host are restarted.")
  readonly haPriority!: string | null;

  @column("local_id", text, "The snapshot's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column.reads("vm_nics")
  @Field(() => [VmSnapshotNic], {
    nullable: true,
    description: "The frozen NICs; null until the snapshot is complete.",
  })
  get nics(): VmSnapshotNic[] | null {
    return objectList(this.row.vm_nics)?.map((nic) => new VmSnapshotNic(nic)) ?? null;
  }

  @column("local_created_at", time, "When the snapshot was taken.", { filter: true })
  readonly createdAt!: string | null;

  @column("cpu_model", text, "CPU model that the VM had.")
  readonly cpuModel!: string | null;

  @column("clock_offset", ClockOffset, "Time base of the VM's hardware clock.")
  readonly clockOffset!: string;

  @column("win_opt", boolean, "Whether the VM's virtual hardware was optimized for Windows.")
  readonly windowsOptimized!: boolean | null;

  @column("io_policy", IoPolicy.orNull, "What the VM's bandwidth and IOPS limits applied to.")
  readonly ioPolicy!: string | null;

  @column("max_bandwidth", bigInteger, "Bandwidth limit of all disks together, in bytes per second.")
  readonly maxBandwidthBytesPerSecond!: number | null;

  @column("max_bandwidth_policy", IoRestriction.orNull, "How the bandwidth limit was applied.")
  readonly maxBandwidthPolicy!: string | null;

  @column("max_iops", integer, "IOPS limit of all disks together.")
  readonly maxIops!: number | null;

  @column("max_iops_policy", IoRestriction.orNull, "How the IOPS limit was applied.")
  readonly maxIopsPolicy!: string | null;
}

/** Listing of VM snapshots. */
export const vmSnapshotList = new Listing(VmSnapshot, { composed: { lease: leaseCondition } });
