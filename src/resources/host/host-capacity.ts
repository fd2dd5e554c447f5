import { ObjectType } from "type-graphql";
import { bigInteger, bytes, integer } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { StorageTiers } from "../shared/storage-tiers.js";

const column = columnsOf("Host");

/** Capacity of a host: total, provisioned and used. */
@ObjectType({ isAbstract: true } as object)
export abstract class HostCapacity extends StorageTiers<"Host"> {
  @column("vm_num", integer, "Number of VMs on the host.", { filter: true })
  readonly vmCount!: number | null;

  @column("running_vm_num", integer, "Number of running VMs.")
  readonly runningVmCount!: number | null;

  @column("stopped_vm_num", integer, "Number of powered-off VMs.")
  readonly stoppedVmCount!: number | null;

  @column("suspended_vm_num", integer, "Number of suspended VMs.")
  readonly suspendedVmCount!: number | null;

  @column("total_cpu_cores", integer, "Number of CPU cores.", { filter: true })
  readonly totalCpuCores!: number | null;

  @column("total_cpu_sockets", integer, "Number of CPU sockets.")
  readonly totalCpuSockets!: number | null;

  @column("total_cpu_hz", bigInteger, "Total CPU frequency of all cores, in Hz.")
  readonly totalCpuHz!: number | null;

  @column("cpu_hz_per_core", bigInteger, "CPU frequency per core, in Hz.")
  readonly cpuHzPerCore!: number | null;

  @column("used_cpu_hz", bigInteger, "CPU frequency in use, in Hz.")
  readonly usedCpuHz!: number | null;

  @column("provisioned_cpu_cores", integer, "Number of virtual CPUs provisioned to VMs.")
  readonly provisionedCpuCores!: number | null;

  @column(
    "allocable_cpu_cores_for_vm_exclusive",
    integer,
    "Number of CPU cores that can still be allocated exclusively to VMs.",
  )
  readonly allocatableExclusiveCpuCores!: number | null;

  @column("total_memory_bytes", bytes, "Total memory, in bytes.", { filter: true })
  readonly totalMemoryBytes!: number | null;

  @column("used_memory_bytes", bytes, "Memory in use, in bytes.")
  readonly usedMemoryBytes!: number | null;

  @column("provisioned_memory_bytes", bytes, "Memory provisioned to VMs, in bytes.")
  readonly provisionedMemoryBytes!: number | null;

  @column("allocatable_memory_bytes", bytes, "Memory that can still be allocated to VMs, in bytes.")
  readonly allocatableMemoryBytes!: number | null;

  @column("os_memory_bytes", bytes, "Memory reserved for the system, in bytes.")
  readonly osMemoryBytes!: number | null;

  @column("running_pause_vm_memory_bytes", bytes, "Memory of running and suspended VMs, in bytes.")
  readonly runningVmMemoryBytes!: number | null;

  @column("total_data_capacity", bytes, "Total storage capacity, in bytes.", { filter: true })
  readonly totalDataCapacityBytes!: number | null;

  @column("used_data_space", bytes, "Storage in use, in bytes.", { filter: true })
  readonly usedDataSpaceBytes!: number | null;

  @column("failure_data_space", bytes, "Storage on failed disks, in bytes.")
  readonly failureDataSpaceBytes!: number | null;

  @column("total_cache_capacity", bytes, "Total cache capacity, in bytes.")
  readonly totalCacheCapacityBytes!: number | null;

  @column("valid_free_cache_space", bytes, "Usable cache that is free, in bytes.")
  readonly freeCacheSpaceBytes!: number | null;

  @column("hdd_data_capacity", bytes, "Capacity of the HDDs, in bytes.")
  readonly hddDataCapacityBytes!: number | null;

  @column("hdd_disk_count", integer, "Number of HDDs.")
  readonly hddDiskCount!: number | null;

  @column("ssd_data_capacity", bytes, "Capacity of the SSDs, in bytes.")
  readonly ssdDataCapacityBytes!: number | null;

  @column("ssd_disk_count", integer, "Number of SSDs.")
  readonly ssdDiskCount!: number | null;

  @column("pmem_dimm_capacity", bytes, "Capacity of the persistent memory modules, in bytes.")
  readonly pmemDimmCapacityBytes!: number | null;

  @column("pmem_dimm_count", integer, "Number of persistent memory modules.")
  readonly pmemDimmCount!: number | null;

  @column("pmem_disk_count", integer, "Number of persistent memory disks.")
  readonly pmemDiskCount!: number | null;

  @column("nic_count", integer, "Number of NICs.")
  readonly nicCount!: number | null;
}
