import { ObjectType } from "type-graphql";
import { bigInteger, bytes, float, integer } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Resource } from "../../graph/model/resource.js";

const column = columnsOf("Cluster");

/** What a cluster has, what was promised and what is in use. */
@ObjectType({ isAbstract: true } as object)
export abstract class ClusterCapacity extends Resource<"Cluster"> {
  @column("host_num", integer, "Number of hosts.", { filter: true, order: true })
  readonly hostCount!: number | null;

  @column("vm_num", integer, "Number of VMs.", { filter: true, order: true })
  readonly vmCount!: number | null;

  @column("running_vm_num", integer, "Number of running VMs.")
  readonly runningVmCount!: number | null;

  @column("stopped_vm_num", integer, "Number of VMs that are powered off.")
  readonly stoppedVmCount!: number | null;

  @column("suspended_vm_num", integer, "Number of suspended VMs.")
  readonly suspendedVmCount!: number | null;

  @column("total_cpu_cores", integer, "Number of CPU cores.")
  readonly totalCpuCores!: number | null;

  @column("total_cpu_sockets", integer, "Number of CPU sockets.")
  readonly totalCpuSockets!: number | null;

  @column("total_cpu_hz", bigInteger, "CPU clock of all cores together, in Hz.")
  readonly totalCpuHz!: number | null;

  @column("used_cpu_hz", bigInteger, "CPU clock in use, in Hz.")
  readonly usedCpuHz!: number | null;

  @column("provisioned_cpu_cores", integer, "Virtual CPUs that VMs have.")
  readonly provisionedCpuCores!: number | null;

  @column("provisioned_cpu_cores_for_active_vm", integer, "Virtual CPUs that running and suspended VMs have.")
  readonly provisionedCpuCoresForActiveVm!: number | null;

  @column("reserved_cpu_cores_for_system_service", integer, "CPU cores that the system keeps for itself.")
  readonly reservedCpuCoresForSystem!: number | null;

  @column("provisioned_ratio", float, "Virtual CPUs for each CPU core.")
  readonly provisionedRatio!: number | null;

  @column("provisioned_for_active_vm_ratio", float, "Virtual CPUs of running and suspended VMs for each CPU core.")
  readonly provisionedForActiveVmRatio!: number | null;

  @column("total_memory_bytes", bytes, "Memory, in bytes.", { filter: true, order: true })
  readonly totalMemoryBytes!: number | null;

  @column("used_memory_bytes", bytes, "Memory in use, in bytes.")
  readonly usedMemoryBytes!: number | null;

  @column("provisioned_memory_bytes", bytes, "Memory that VMs have, in bytes.")
  readonly provisionedMemoryBytes!: number | null;

  @column("total_data_capacity", bytes, "Storage capacity, in bytes.", { filter: true, order: true })
  readonly totalDataCapacityBytes!: number | null;

  @column("valid_data_space", bytes, "Storage capacity that can be used, in bytes.")
  readonly validDataSpaceBytes!: number | null;

  @column("used_data_space", bytes, "Storage in use, in bytes.", { filter: true, order: true })
  readonly usedDataSpaceBytes!: number | null;

  @column("failure_data_space", bytes, "Storage on failed disks, in bytes.")
  readonly failureDataSpaceBytes!: number | null;

  @column("total_cache_capacity", bytes, "Cache, in bytes.")
  readonly totalCacheCapacityBytes!: number | null;

  @column("max_chunk_num", integer, "Most storage nodes that the licence allows.")
  readonly maxChunkCount!: number | null;

  @column("max_physical_data_capacity", bytes, "Most storage that the licence allows, in bytes.")
  readonly maxPhysicalDataCapacityBytes!: number | null;

  @column("max_physical_data_capacity_per_node", bytes, "Most storage that the licence allows on one node, in bytes.")
  readonly maxPhysicalDataCapacityPerNodeBytes!: number | null;

  @column("recover_data_size", bytes, "Data that is being recovered, in bytes.")
  readonly recoverDataSizeBytes!: number | null;

  @column("recover_speed", bigInteger, "Speed of the recovery, in bytes per second.")
  readonly recoverBytesPerSecond!: number | null;

  @column("migration_data_size", bytes, "Data that is being moved between nodes, in bytes.")
  readonly migrationDataSizeBytes!: number | null;

  @column("migration_speed", bigInteger, "Speed of that move, in bytes per second.")
  readonly migrationBytesPerSecond!: number | null;
}
