import { ObjectType } from "type-graphql";
import { bytes, float } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Resource } from "../../graph/model/resource.js";

const column = columnsOf("Cluster", "Host");

/** Figures of the tiers of a cluster's or a host's storage, as reported by CloudTower. Its API does not describe them further. */
@ObjectType({ isAbstract: true } as object)
export abstract class StorageTiers<E extends "Cluster" | "Host"> extends Resource<E> {
  @column("commited_memory_bytes", bytes, "Committed memory, in bytes.")
  readonly committedMemoryBytes!: number | null;

  @column("valid_cache_space", bytes, "Usable cache, in bytes.")
  readonly validCacheSpaceBytes!: number | null;

  @column("used_cache_space", bytes, "Cache in use, in bytes.")
  readonly usedCacheSpaceBytes!: number | null;

  @column("dirty_cache_space", bytes, "Cached data that is not on the capacity tier yet, in bytes.")
  readonly dirtyCacheSpaceBytes!: number | null;

  @column("dirty_cache_usage", float, "Share of the cache with data that is not on the capacity tier yet.")
  readonly dirtyCacheUsage!: number | null;

  @column("failure_cache_space", bytes, "Cache on failed disks, in bytes.")
  readonly failureCacheSpaceBytes!: number | null;

  @column("perf_total_data_capacity", bytes, "Total capacity of the performance tier, in bytes.")
  readonly performanceTotalDataCapacityBytes!: number | null;

  @column("perf_valid_data_space", bytes, "Usable capacity of the performance tier, in bytes.")
  readonly performanceValidDataSpaceBytes!: number | null;

  @column("perf_allocated_data_space", bytes, "Allocated space of the performance tier, in bytes.")
  readonly performanceAllocatedDataSpaceBytes!: number | null;

  @column("perf_used_data_space", bytes, "Space in use on the performance tier, in bytes.")
  readonly performanceUsedDataSpaceBytes!: number | null;

  @column("perf_failure_data_space", bytes, "Space of the performance tier on failed disks, in bytes.")
  readonly performanceFailureDataSpaceBytes!: number | null;

  @column("planned_prioritized_space", bytes, "Space planned for prioritized data, in bytes.")
  readonly plannedPrioritizedSpaceBytes!: number | null;

  @column("allocated_prioritized_space", bytes, "Space allocated to prioritized data, in bytes.")
  readonly allocatedPrioritizedSpaceBytes!: number | null;

  @column("allocated_prioritized_space_usage", float, "Share of the planned prioritized space that is allocated.")
  readonly allocatedPrioritizedSpaceUsage!: number | null;

  @column("downgraded_prioritized_space", bytes, "Space of prioritized data that was downgraded, in bytes.")
  readonly downgradedPrioritizedSpaceBytes!: number | null;

  @column("prio_space_percentage", float, "Share of the space that is meant for prioritized data, in percent.")
  readonly prioritizedSpacePercentage!: number | null;
}
