import { ObjectType } from "type-graphql";
import { bigInteger, bytes } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { BlockAccess } from "./block-access.js";

type Limited = "IscsiLun" | "IscsiTarget" | "NvmfNamespace";
const column = columnsOf("IscsiLun", "IscsiTarget", "NvmfNamespace");

/**
 * Bandwidth and IOPS limits of block storage: sustained limits, and burst limits with a maximum duration.
 *
 * The contract does not specify units. Bytes are assumed because the storage layer's own tools use them, as for disks of VMs.
 */
@ObjectType({ isAbstract: true } as object)
export abstract class IoLimited<E extends Limited> extends BlockAccess<E> {
  @column("bps", bigInteger, "Bandwidth limit for reads and writes combined, in bytes per second; 0 for no limit.", {
    filter: true,
  })
  readonly maxBandwidthBytesPerSecond!: number | null;

  @column(
    "bps_max",
    bigInteger,
    "Burst bandwidth limit for reads and writes combined, in bytes per second; 0 for no limit.",
  )
  readonly burstBandwidthBytesPerSecond!: number | null;

  @column("bps_max_length", bigInteger, "Maximum duration of a bandwidth burst, in seconds.")
  readonly burstBandwidthSeconds!: number | null;

  @column("iops", bigInteger, "IOPS limit for reads and writes combined; 0 for no limit.", {
    filter: true,
  })
  readonly maxIops!: number | null;

  @column("iops_max", bigInteger, "Burst IOPS limit for reads and writes combined; 0 for no limit.")
  readonly burstIops!: number | null;

  @column("iops_max_length", bigInteger, "Maximum duration of an IOPS burst, in seconds.")
  readonly burstIopsSeconds!: number | null;

  @column("bps_rd", bigInteger, "Read bandwidth limit, in bytes per second; 0 for no limit.")
  readonly maxReadBandwidthBytesPerSecond!: number | null;

  @column("bps_rd_max", bigInteger, "Burst read bandwidth limit, in bytes per second; 0 for no limit.")
  readonly burstReadBandwidthBytesPerSecond!: number | null;

  @column("bps_rd_max_length", bigInteger, "Maximum duration of a read bandwidth burst, in seconds.")
  readonly burstReadBandwidthSeconds!: number | null;

  @column("iops_rd", bigInteger, "Read IOPS limit; 0 for no limit.")
  readonly maxReadIops!: number | null;

  @column("iops_rd_max", bigInteger, "Burst read IOPS limit; 0 for no limit.")
  readonly burstReadIops!: number | null;

  @column("iops_rd_max_length", bigInteger, "Maximum duration of a read IOPS burst, in seconds.")
  readonly burstReadIopsSeconds!: number | null;

  @column("bps_wr", bigInteger, "Write bandwidth limit, in bytes per second; 0 for no limit.")
  readonly maxWriteBandwidthBytesPerSecond!: number | null;

  @column("bps_wr_max", bigInteger, "Burst write bandwidth limit, in bytes per second; 0 for no limit.")
  readonly burstWriteBandwidthBytesPerSecond!: number | null;

  @column("bps_wr_max_length", bigInteger, "Maximum duration of a write bandwidth burst, in seconds.")
  readonly burstWriteBandwidthSeconds!: number | null;

  @column("iops_wr", bigInteger, "Write IOPS limit; 0 for no limit.")
  readonly maxWriteIops!: number | null;

  @column("iops_wr_max", bigInteger, "Burst write IOPS limit; 0 for no limit.")
  readonly burstWriteIops!: number | null;

  @column("iops_wr_max_length", bigInteger, "Maximum duration of a write IOPS burst, in seconds.")
  readonly burstWriteIopsSeconds!: number | null;

  @column("io_size", bytes, "Size of I/O that counts as one operation, in bytes; a larger one counts as several.")
  readonly ioSizeBytes!: number | null;
}
