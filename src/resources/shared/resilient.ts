import { ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { integer } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Resource } from "../../graph/model/resource.js";

type Stored = "IscsiLun" | "IscsiLunSnapshot" | "IscsiTarget" | "NvmfNamespace" | "NvmfNamespaceSnapshot";
const column = columnsOf("IscsiLun", "IscsiLunSnapshot", "IscsiTarget", "NvmfNamespace", "NvmfNamespaceSnapshot");

/** How data survives the loss of a disk or a host. */
export const ResiliencyType = defineEnum("ResiliencyType", "How data survives the loss of a disk or a host.", {
  REPLICA: "Copies of the data.",
  EC: "Erasure coding.",
});

/** Redundancy of block storage; of an iSCSI target, that of its new LUNs. */
@ObjectType({ isAbstract: true } as object)
export abstract class Resilient<E extends Stored> extends Resource<E> {
  @column("resiliency_type", ResiliencyType.orNull, "How the data survives the loss of a disk or a host.", {
    filter: true,
  })
  readonly resiliencyType!: string | null;

  @column("ec_k", integer, "Number of data blocks of the erasure coding (k).", { filter: true })
  readonly ecDataBlockCount!: number | null;

  @column("ec_m", integer, "Number of parity blocks of the erasure coding (m).", { filter: true })
  readonly ecParityBlockCount!: number | null;
}
