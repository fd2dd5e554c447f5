import { ObjectType } from "type-graphql";
import { bigInteger, bytes, float, integer } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { StorageTiers } from "../shared/storage-tiers.js";

const column = columnsOf("Cluster");

/** Capacity of a cluster: total, provisioned and used. */
@ObjectType({ isAbstract: true } as object)
export abstract class ClusterCapacity extends StorageTiers<"Cluster"> {
  @column("host_num", integer, "Number of hosts.", { filter: true })
  readonly hostCount!: number | null;

  @column("vm_num", integer, "Number of VMs.", { filter: true })
  readonly vmCount!: number | null;

  @column("running_vm_num", integer, "Number of running VMs.")
  readonly runningVmCount!: number | null;

  @column("stopped_vm_num", integer, "Number of powered-off VMs.")
  readonly stoppedVmCount!: number | null;

  @column("suspended_vm_num", integer, "Number of suspended VMs.")
  readonly suspendedVmCount!: number | null;

  @column("total_cpu_cores", integer, "Number of CPU cores.")
  readonly totalCpuCores!: number | null;

  @column("total_cpu_sockets", integer, "Number of CPU sockets.")
  readonly totalCpuSockets!: number | null;

  @column("total_cpu_hz", bigInteger, "Total CPU frequency of all cores, in Hz.")
  readonly totalCpuHz!: number | null;

  @column("used_cpu_hz", bigInteger, "CPU frequency in use, in Hz.")
  readonly usedCpuHz!: number | null;

  @column("provisioned_cpu_cores", integer, "Number of virtual CPUs provisioned to VMs.")
  readonly provisionedCpuCores!: number | null;

  @column(
    "provisioned_cpu_cores_for_active_vm",
    integer,
    "Number of virtual CPUs provisioned to running and suspended VMs.",
  )
  readonly provisionedCpuCoresForActiveVm!: number | null;

  @column("reserved_cpu_cores_for_system_service", integer, "Number of CPU cores reserved for the system.")
  readonly reservedCpuCoresForSystem!: number | null;

  @column("provisioned_ratio", float, "Virtual CPUs per CPU core.")
  readonly provisionedRatio!: number | null;

  @column("provisioned_for_active_vm_ratio", float, "Virtual CPUs of running and suspended VMs per CPU core.")
  readonly provisionedForActiveVmRatio!: number | null;

  @column("total_memory_bytes", bytes, "Total memory, in bytes.", { filter: true })
  readonly totalMemoryBytes!: number | null;

  @column("used_memory_bytes", bytes, "Memory in use, in bytes.")
  readonly usedMemoryBytes!: number | null;

  @column("provisioned_memory_bytes", bytes, "Memory provisioned to VMs, in bytes.")
  readonly provisionedMemoryBytes!: number | null;

  @column("total_data_capacity", bytes, "Total storage capacity, in bytes.", { filter: true })
  readonly totalDataCapacityBytes!: number | null;

  @column("valid_data_space", bytes, "Usable storage capacity, in bytes.")
  readonly validDataSpaceBytes!: number | null;

  @column("used_data_space", bytes, "Storage in use, in bytes.", { filter: true })
  readonly usedDataSpaceBytes!: number | null;

  @column("failure_data_space", bytes, "Storage on failed disks, in bytes.")
  readonly failureDataSpaceBytes!: number | null;

  @column("logical_used_data_space", bytes, "Data stored, excluding redundancy, in bytes.")
  readonly logicalUsedDataSpaceBytes!: number | null;

  @column("data_reduction_ratio", float, "Ratio of data reduction.")
  readonly dataReductionRatio!: number | null;

  @column(
    "data_reduction_saving",
    float,
    "Saving by data reduction, as reported by CloudTower; its API does not specify the unit.",
  )
  readonly dataReductionSaving!: number | null;

  @column(
    "overall_efficiency",
    float,
    "Efficiency of the storage, as reported by CloudTower; its API does not specify the unit.",
  )
  readonly overallEfficiency!: number | null;

  @column("total_prio_volume_size", bytes, "Size of all prioritized volumes, in bytes.")
  readonly prioritizedVolumeSizeBytes!: number | null;

  @column("total_prio_volume_size_usage", float, "Share of the prioritized space that the prioritized volumes need.")
  readonly prioritizedVolumeSizeUsage!: number | null;

  @column("total_cache_capacity", bytes, "Total cache capacity, in bytes.")
  readonly totalCacheCapacityBytes!: number | null;

  @column("max_chunk_num", integer, "Maximum number of storage nodes allowed by the license.")
  readonly maxChunkCount!: number | null;

  @column("max_physical_data_capacity", bytes, "Maximum storage capacity allowed by the license, in bytes.")
  readonly maxPhysicalDataCapacityBytes!: number | null;

  @column(
    "max_physical_data_capacity_per_node",
    bytes,
    "Maximum storage capacity per node allowed by the license, in bytes.",
  )
  readonly maxPhysicalDataCapacityPerNodeBytes!: number | null;

  @column("recover_data_size", bytes, "Data being recovered, in bytes.")
  readonly recoverDataSizeBytes!: number | null;

  @column("recover_speed", bigInteger, "Recovery speed, in bytes per second.")
  readonly recoverBytesPerSecond!: number | null;

  @column("migration_data_size", bytes, "Data being migrated between nodes, in bytes.")
  readonly migrationDataSizeBytes!: number | null;

  @column("migration_speed", bigInteger, "Speed of the migration between nodes, in bytes per second.")
  readonly migrationBytesPerSecond!: number | null;
}
