import { ObjectType } from "type-graphql";
import { bytes, float } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Resource } from "../../graph/model/resource.js";

const column = columnsOf("Vm");

/** How much of everything a VM takes, as its cluster measures it. */
@ObjectType({ isAbstract: true } as object)
export abstract class VmUsageFigures extends Resource<"Vm"> {
  @column("provisioned_size", bytes, "Space that was promised to the VM's volumes, in bytes.", {
    filter: true,
    order: true,
  })
  readonly provisionedSizeBytes!: number | null;

  @column("size", bytes, "Size of the VM's storage, in bytes.", { filter: true, order: true })
  readonly sizeBytes!: number | null;

  @column("logical_size_bytes", bytes, "Data of the VM without replicas, in bytes.")
  readonly logicalSizeBytes!: number | null;

  @column("used_size", bytes, "Space in use, in bytes; null before CloudTower 4.6.", { filter: true, order: true })
  readonly usedSizeBytes!: number | null;

  @column(
    "used_size_usage",
    float,
    "Share of the promised space that is in use, as CloudTower tells it; null before CloudTower 4.6.",
  )
  readonly usedSizeUsage!: number | null;

  @column("unique_size", bytes, "Space that only this VM takes, in bytes.", { filter: true, order: true })
  readonly uniqueSizeBytes!: number | null;

  @column(
    "unique_logical_size",
    bytes,
    "Data that only this VM has, without replicas, in bytes; null before CloudTower 4.3.",
  )
  readonly uniqueLogicalSizeBytes!: number | null;

  @column(
    "guest_used_size",
    bytes,
    "Space in use within the guest's file systems, in bytes, as the guest agent reports it.",
    { filter: true, order: true },
  )
  readonly guestUsedSizeBytes!: number | null;

  @column("guest_size_usage", float, "Share of the guest's file systems that is in use, as the guest agent reports it.")
  readonly guestSizeUsage!: number | null;

  @column("cpu_usage", float, "CPU in use, as CloudTower tells it.", { filter: true, order: true })
  readonly cpuUsage!: number | null;

  @column("memory_usage", float, "Memory in use, as CloudTower tells it.", { filter: true, order: true })
  readonly memoryUsage!: number | null;
}
