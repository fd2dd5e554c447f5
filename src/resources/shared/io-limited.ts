import { Field, ObjectType } from "type-graphql";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar } from "../../graph/model/scalars.js";
import type { Row } from "../../upstream/wire/types.js";

type Limited = "IscsiLun" | "IscsiTarget" | "NvmfNamespace";

/**
 * The limits of bandwidth and of operations that block storage has: sustained, and for bursts of so many seconds.
 *
 * The contract names no units. Bytes are what the storage layer's own tools count, here as for disks of VMs.
 */
@ObjectType({ isAbstract: true } as object)
export abstract class IoLimited<E extends Limited> extends Resource<E> {
  /** All of them have the same fields. */
  private get limits(): Row<"IscsiTarget"> {
    return this.row as unknown as Row<"IscsiTarget">;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Limit of the bandwidth of reads and writes together, in bytes per second; 0 is none.",
  })
  get maxBandwidthBytesPerSecond(): number | null {
    return this.limits.bps ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Bandwidth of reads and writes together that a burst may reach, in bytes per second; 0 is none.",
  })
  get burstBandwidthBytesPerSecond(): number | null {
    return this.limits.bps_max ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "How long such a burst may last, in seconds." })
  get burstBandwidthSeconds(): number | null {
    return this.limits.bps_max_length ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Limit of reads and writes together per second; 0 is none.",
  })
  get maxIops(): number | null {
    return this.limits.iops ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Operations per second (reads and writes together) that a burst may reach; 0 is none.",
  })
  get burstIops(): number | null {
    return this.limits.iops_max ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "How long such a burst may last, in seconds." })
  get burstIopsSeconds(): number | null {
    return this.limits.iops_max_length ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Limit of the bandwidth of reads, in bytes per second; 0 is none.",
  })
  get maxReadBandwidthBytesPerSecond(): number | null {
    return this.limits.bps_rd ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Bandwidth of reads that a burst may reach, in bytes per second; 0 is none.",
  })
  get burstReadBandwidthBytesPerSecond(): number | null {
    return this.limits.bps_rd_max ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "How long such a burst may last, in seconds." })
  get burstReadBandwidthSeconds(): number | null {
    return this.limits.bps_rd_max_length ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Limit of reads per second; 0 is none." })
  get maxReadIops(): number | null {
    return this.limits.iops_rd ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Operations per second (reads) that a burst may reach; 0 is none.",
  })
  get burstReadIops(): number | null {
    return this.limits.iops_rd_max ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "How long such a burst may last, in seconds." })
  get burstReadIopsSeconds(): number | null {
    return this.limits.iops_rd_max_length ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Limit of the bandwidth of writes, in bytes per second; 0 is none.",
  })
  get maxWriteBandwidthBytesPerSecond(): number | null {
    return this.limits.bps_wr ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Bandwidth of writes that a burst may reach, in bytes per second; 0 is none.",
  })
  get burstWriteBandwidthBytesPerSecond(): number | null {
    return this.limits.bps_wr_max ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "How long such a burst may last, in seconds." })
  get burstWriteBandwidthSeconds(): number | null {
    return this.limits.bps_wr_max_length ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Limit of writes per second; 0 is none." })
  get maxWriteIops(): number | null {
    return this.limits.iops_wr ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Operations per second (writes) that a burst may reach; 0 is none.",
  })
  get burstWriteIops(): number | null {
    return this.limits.iops_wr_max ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "How long such a burst may last, in seconds." })
  get burstWriteIopsSeconds(): number | null {
    return this.limits.iops_wr_max_length ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Size by which operations are counted, in bytes: a larger one counts as several.",
  })
  get ioSizeBytes(): number | null {
    return this.limits.io_size ?? null;
  }
}
