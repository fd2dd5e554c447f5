import { Field, Int, ObjectType } from "type-graphql";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar } from "../../graph/model/scalars.js";

/** What a host has, what was promised and what is in use. */
@ObjectType({ isAbstract: true } as object)
export abstract class HostCapacity extends Resource<"Host"> {
  @Field(() => Int, { nullable: true, description: "Number of VMs on it." })
  get vmCount(): number | null {
    return this.row.vm_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of running VMs." })
  get runningVmCount(): number | null {
    return this.row.running_vm_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of VMs that are powered off." })
  get stoppedVmCount(): number | null {
    return this.row.stopped_vm_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of suspended VMs." })
  get suspendedVmCount(): number | null {
    return this.row.suspended_vm_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of CPU cores." })
  get totalCpuCores(): number | null {
    return this.row.total_cpu_cores ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of CPU sockets." })
  get totalCpuSockets(): number | null {
    return this.row.total_cpu_sockets ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "CPU clock of all cores together, in Hz." })
  get totalCpuHz(): number | null {
    return this.row.total_cpu_hz ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "CPU clock of one core, in Hz." })
  get cpuHzPerCore(): number | null {
    return this.row.cpu_hz_per_core ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "CPU clock in use, in Hz." })
  get usedCpuHz(): number | null {
    return this.row.used_cpu_hz ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Virtual CPUs that VMs have." })
  get provisionedCpuCores(): number | null {
    return this.row.provisioned_cpu_cores ?? null;
  }

  @Field(() => Int, { nullable: true, description: "CPU cores that VMs could still have for themselves alone." })
  get allocatableExclusiveCpuCores(): number | null {
    return this.row.allocable_cpu_cores_for_vm_exclusive ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory, in bytes." })
  get totalMemoryBytes(): number | null {
    return this.row.total_memory_bytes ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory in use, in bytes." })
  get usedMemoryBytes(): number | null {
    return this.row.used_memory_bytes ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory that VMs have, in bytes." })
  get provisionedMemoryBytes(): number | null {
    return this.row.provisioned_memory_bytes ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory that VMs could still have, in bytes." })
  get allocatableMemoryBytes(): number | null {
    return this.row.allocatable_memory_bytes ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory that the system keeps for itself, in bytes." })
  get osMemoryBytes(): number | null {
    return this.row.os_memory_bytes ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Memory that running and suspended VMs have, in bytes." })
  get runningVmMemoryBytes(): number | null {
    return this.row.running_pause_vm_memory_bytes ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Storage capacity, in bytes." })
  get totalDataCapacityBytes(): number | null {
    return this.row.total_data_capacity ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Storage in use, in bytes." })
  get usedDataSpaceBytes(): number | null {
    return this.row.used_data_space ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Storage on failed disks, in bytes." })
  get failureDataSpaceBytes(): number | null {
    return this.row.failure_data_space ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Cache, in bytes." })
  get totalCacheCapacityBytes(): number | null {
    return this.row.total_cache_capacity ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Capacity of the hard disks, in bytes." })
  get hddDataCapacityBytes(): number | null {
    return this.row.hdd_data_capacity ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of hard disks." })
  get hddDiskCount(): number | null {
    return this.row.hdd_disk_count ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Capacity of the solid-state disks, in bytes." })
  get ssdDataCapacityBytes(): number | null {
    return this.row.ssd_data_capacity ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of solid-state disks." })
  get ssdDiskCount(): number | null {
    return this.row.ssd_disk_count ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Capacity of the persistent memory, in bytes." })
  get pmemDimmCapacityBytes(): number | null {
    return this.row.pmem_dimm_capacity ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of modules of persistent memory." })
  get pmemDimmCount(): number | null {
    return this.row.pmem_dimm_count ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of disks of persistent memory." })
  get pmemDiskCount(): number | null {
    return this.row.pmem_disk_count ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of NICs." })
  get nicCount(): number | null {
    return this.row.nic_count ?? null;
  }
}
