import { ObjectType } from "type-graphql";
import { bytes, float } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Resource } from "../../graph/model/resource.js";

const column = columnsOf("Vm");

/** Resource usage of a VM, as measured by its cluster. */
@ObjectType({ isAbstract: true } as object)
export abstract class VmFigures extends Resource<"Vm"> {
  @column("provisioned_size", bytes, "Space provisioned to the VM's volumes, in bytes.", { filter: true })
  readonly provisionedSizeBytes!: number | null;

  @column("size", bytes, "Size of the VM's storage, in bytes.", { filter: true })
  readonly sizeBytes!: number | null;

  @column("logical_size_bytes", bytes, "Data of the VM, excluding replicas, in bytes.")
  readonly logicalSizeBytes!: number | null;

  @column("used_size", bytes, "Space in use, in bytes.", { filter: true })
  readonly usedSizeBytes!: number | null;

  @column("used_size_usage", float, "Share of the provisioned space that is in use, as reported by CloudTower.")
  readonly usedSizeUsage!: number | null;

  @column("unique_size", bytes, "Space used by this VM alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("unique_logical_size", bytes, "Data unique to this VM, excluding replicas, in bytes.")
  readonly uniqueLogicalSizeBytes!: number | null;

  @column(
    "guest_used_size",
    bytes,
    "Space in use in the guest's file systems, in bytes, as reported by the guest tools.",
    { filter: true },
  )
  readonly guestUsedSizeBytes!: number | null;

  @column(
    "guest_size_usage",
    float,
    "Share of the guest's file systems that is in use, as reported by the guest tools.",
  )
  readonly guestSizeUsage!: number | null;

  @column("cpu_usage", float, "CPU usage, as reported by CloudTower.", { filter: true })
  readonly cpuUsage!: number | null;

  @column("memory_usage", float, "Memory usage, as reported by CloudTower.", { filter: true })
  readonly memoryUsage!: number | null;
}
