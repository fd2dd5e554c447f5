import { ObjectType } from "type-graphql";
import { boolean, integer } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Resource } from "../../graph/model/resource.js";

const column = columnsOf("VmVolume", "VmVolumeSnapshot");

/** The storage policy of a volume or a volume snapshot in figures, which `storagePolicy` cannot express for erasure coding. */
@ObjectType({ isAbstract: true } as object)
export abstract class PolicyFigures<E extends "VmVolume" | "VmVolumeSnapshot"> extends Resource<E> {
  @column("elf_storage_policy_replica_num", integer, "Number of replicas of the storage policy.", { filter: true })
  readonly storagePolicyReplicaCount!: number | null;

  @column("elf_storage_policy_stripe_num", integer, "Number of stripes of the storage policy.", { filter: true })
  readonly storagePolicyStripeCount!: number | null;

  @column(
    "elf_storage_policy_thin_provision",
    boolean,
    "Whether the storage policy allocates space on write (thin provisioning).",
    { filter: true },
  )
  readonly storagePolicyThinProvisioned!: boolean | null;

  @column("elf_storage_policy_ec_k", integer, "Number of data blocks of the storage policy's erasure coding (k).", {
    filter: true,
  })
  readonly storagePolicyEcDataBlockCount!: number | null;

  @column("elf_storage_policy_ec_m", integer, "Number of parity blocks of the storage policy's erasure coding (m).", {
    filter: true,
  })
  readonly storagePolicyEcParityBlockCount!: number | null;

  @column("resident_in_cache", boolean, "Whether the data stays in the cache.", { filter: true })
  readonly residentInCache!: boolean | null;
}
