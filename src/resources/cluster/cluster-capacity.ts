import { Field, Float, Int, ObjectType } from "type-graphql";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar } from "../../graph/model/scalars.js";

/** What a cluster has, what was promised and what is in use. */
@ObjectType({ isAbstract: true } as object)
export abstract class ClusterCapacity extends Resource<"Cluster"> {
  @Field(() => Int, { nullable: true, description: "Number of hosts." })
  get hostCount(): number | null {
    return this.row.host_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of VMs." })
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

  @Field(() => BigIntScalar, { nullable: true, description: "CPU clock in use, in Hz." })
  get usedCpuHz(): number | null {
    return this.row.used_cpu_hz ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Virtual CPUs that VMs have." })
  get provisionedCpuCores(): number | null {
    return this.row.provisioned_cpu_cores ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Virtual CPUs that running and suspended VMs have." })
  get provisionedCpuCoresForActiveVm(): number | null {
    return this.row.provisioned_cpu_cores_for_active_vm ?? null;
  }

  @Field(() => Int, { nullable: true, description: "CPU cores that the system keeps for itself." })
  get reservedCpuCoresForSystem(): number | null {
    return this.row.reserved_cpu_cores_for_system_service ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Virtual CPUs for each CPU core." })
  get provisionedRatio(): number | null {
    return this.row.provisioned_ratio ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Virtual CPUs of running and suspended VMs for each CPU core." })
  get provisionedForActiveVmRatio(): number | null {
    return this.row.provisioned_for_active_vm_ratio ?? null;
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

  @Field(() => BigIntScalar, { nullable: true, description: "Storage capacity, in bytes." })
  get totalDataCapacityBytes(): number | null {
    return this.row.total_data_capacity ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Storage capacity that can be used, in bytes." })
  get validDataSpaceBytes(): number | null {
    return this.row.valid_data_space ?? null;
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

  @Field(() => Int, { nullable: true, description: "Most storage nodes that the licence allows." })
  get maxChunkCount(): number | null {
    return this.row.max_chunk_num ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Most storage that the licence allows, in bytes." })
  get maxPhysicalDataCapacityBytes(): number | null {
    return this.row.max_physical_data_capacity ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Most storage that the licence allows on one node, in bytes.",
  })
  get maxPhysicalDataCapacityPerNodeBytes(): number | null {
    return this.row.max_physical_data_capacity_per_node ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Data that is being recovered, in bytes." })
  get recoverDataSizeBytes(): number | null {
    return this.row.recover_data_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Speed of the recovery, in bytes per second." })
  get recoverBytesPerSecond(): number | null {
    return this.row.recover_speed ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Data that is being moved between nodes, in bytes." })
  get migrationDataSizeBytes(): number | null {
    return this.row.migration_data_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Speed of that move, in bytes per second." })
  get migrationBytesPerSecond(): number | null {
    return this.row.migration_speed ?? null;
  }
}
