import { ObjectType } from "type-graphql";
import { bigInteger, bytes } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Resource } from "../../graph/model/resource.js";

type Limited = "IscsiLun" | "IscsiTarget" | "NvmfNamespace";
const column = columnsOf("IscsiLun", "IscsiTarget", "NvmfNamespace");

/**
 * The limits of bandwidth and of operations that block storage has: sustained, and for bursts of so many seconds.
 *
 * The contract names no units. Bytes are what the storage layer's own tools count, here as for disks of VMs.
 */
@ObjectType({ isAbstract: true } as object)
export abstract class IoLimited<E extends Limited> extends Resource<E> {
  @column("bps", bigInteger, "Limit of the bandwidth of reads and writes together, in bytes per second; 0 is none.", {
    filter: true,
    order: true,
  })
  readonly maxBandwidthBytesPerSecond!: number | null;

  @column(
    "bps_max",
    bigInteger,
    "Bandwidth of reads and writes together that a burst may reach, in bytes per second; 0 is none.",
  )
  readonly burstBandwidthBytesPerSecond!: number | null;

  @column("bps_max_length", bigInteger, "How long such a burst may last, in seconds.")
  readonly burstBandwidthSeconds!: number | null;

  @column("iops", bigInteger, "Limit of reads and writes together per second; 0 is none.", {
    filter: true,
    order: true,
  })
  readonly maxIops!: number | null;

  @column(
    "iops_max",
    bigInteger,
    "Operations per second (reads and writes together) that a burst may reach; 0 is none.",
  )
  readonly burstIops!: number | null;

  @column("iops_max_length", bigInteger, "How long such a burst may last, in seconds.")
  readonly burstIopsSeconds!: number | null;

  @column("bps_rd", bigInteger, "Limit of the bandwidth of reads, in bytes per second; 0 is none.")
  readonly maxReadBandwidthBytesPerSecond!: number | null;

  @column("bps_rd_max", bigInteger, "Bandwidth of reads that a burst may reach, in bytes per second; 0 is none.")
  readonly burstReadBandwidthBytesPerSecond!: number | null;

  @column("bps_rd_max_length", bigInteger, "How long such a burst may last, in seconds.")
  readonly burstReadBandwidthSeconds!: number | null;

  @column("iops_rd", bigInteger, "Limit of reads per second; 0 is none.")
  readonly maxReadIops!: number | null;

  @column("iops_rd_max", bigInteger, "Operations per second (reads) that a burst may reach; 0 is none.")
  readonly burstReadIops!: number | null;

  @column("iops_rd_max_length", bigInteger, "How long such a burst may last, in seconds.")
  readonly burstReadIopsSeconds!: number | null;

  @column("bps_wr", bigInteger, "Limit of the bandwidth of writes, in bytes per second; 0 is none.")
  readonly maxWriteBandwidthBytesPerSecond!: number | null;

  @column("bps_wr_max", bigInteger, "Bandwidth of writes that a burst may reach, in bytes per second; 0 is none.")
  readonly burstWriteBandwidthBytesPerSecond!: number | null;

  @column("bps_wr_max_length", bigInteger, "How long such a burst may last, in seconds.")
  readonly burstWriteBandwidthSeconds!: number | null;

  @column("iops_wr", bigInteger, "Limit of writes per second; 0 is none.")
  readonly maxWriteIops!: number | null;

  @column("iops_wr_max", bigInteger, "Operations per second (writes) that a burst may reach; 0 is none.")
  readonly burstWriteIops!: number | null;

  @column("iops_wr_max_length", bigInteger, "How long such a burst may last, in seconds.")
  readonly burstWriteIopsSeconds!: number | null;

  @column("io_size", bytes, "Size by which operations are counted, in bytes: a larger one counts as several.")
  readonly ioSizeBytes!: number | null;
}
