import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, integer, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoLimited } from "../shared/io-limited.js";
import { type Reference, reference } from "../shared/reference.type.js";

const column = columnsOf("NvmfNamespace");

/** Source: `get-nvmf-namespaces`. */
@ObjectType("NvmfNamespace", { implements: Node, description: "An NVMe-oF namespace: block storage over NVMe." })
export class NvmfNamespace extends IoLimited<"NvmfNamespace"> {
  static override readonly typename = "NvmfNamespace";
  static override readonly entity = "NvmfNamespace";

  @column("name", requiredText, "Name of the namespace.", { filter: true, order: true })
  readonly name!: string;

  @column(
    "zbs_volume_id",
    text,
    "Id of the ZBS volume that holds the data; `storageVolume` is the same as an object.",
    { filter: true },
  )
  readonly zbsVolumeId!: string | null;

  @column("namespace_id", integer, "Number of the namespace within its subsystem.", { filter: true })
  readonly namespaceNumber!: number | null;

  @column("assigned_size", bytes, "Size of the namespace, in bytes.", { filter: true, order: true })
  readonly assignedSizeBytes!: number | null;

  @column("shared_size", bytes, "Space shared with snapshots and clones, in bytes.")
  readonly sharedSizeBytes!: number | null;

  @column("unique_size", bytes, "Space that only this namespace takes, in bytes.", { filter: true, order: true })
  readonly uniqueSizeBytes!: number | null;

  @column(
    "unique_logical_size",
    bytes,
    "Data that only this namespace has, without replicas, in bytes; null before CloudTower 4.3.",
  )
  readonly uniqueLogicalSizeBytes!: number | null;

  @column("replica_num", integer, "Number of replicas.", { filter: true })
  readonly replicaCount!: number | null;

  @column("stripe_num", integer, "Number of stripes.")
  readonly stripeCount!: number | null;

  @column("stripe_size", bytes, "Size of a stripe, in bytes.")
  readonly stripeSizeBytes!: number | null;

  @column("thin_provision", boolean, "Whether space is taken only when it is written.", { filter: true })
  readonly thinProvisioned!: boolean | null;

  @column("is_shared", boolean, "Whether several machines may use it at once.", { filter: true })
  readonly shared!: boolean | null;

  @column("nqn_whitelist", text, "Which machines may use it, as CloudTower writes it.")
  readonly nqnWhitelist!: string | null;

  @column("snapshot_num", integer, "Number of its snapshots, as CloudTower counts them.")
  readonly snapshotCount!: number | null;

  @column("nvmf_subsystem", reference, "The NVMe subsystem that it belongs to.")
  readonly subsystem!: Reference | null;

  @column("namespace_group", reference, "The group of namespaces that it belongs to.")
  readonly namespaceGroup!: Reference | null;

  @column("local_id", text, "The namespace's id on the storage side.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the namespace was made.", { filter: true, order: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "What a running task is doing to it; null when none is.", {
    filter: true,
  })
  readonly asyncStatus!: string | null;
}

/** How NVMe namespaces are listed. */
export const nvmfNamespaceList = new Listing(NvmfNamespace);
