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

  @column("name", requiredText, "Name of the namespace.", { filter: true })
  readonly name!: string;

  @column("zbs_volume_id", text, "Id of the ZBS volume that holds the data; see `storageVolume`.", { filter: true })
  readonly zbsVolumeId!: string | null;

  @column("namespace_id", integer, "Number of the namespace within its subsystem.", { filter: true })
  readonly namespaceNumber!: number | null;

  @column("assigned_size", bytes, "Size of the namespace, in bytes.", { filter: true })
  readonly assignedSizeBytes!: number | null;

  @column("shared_size", bytes, "Space shared with snapshots and clones, in bytes.")
  readonly sharedSizeBytes!: number | null;

  @column("unique_size", bytes, "Space used by this namespace alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("unique_logical_size", bytes, "Data unique to this namespace, excluding replicas, in bytes.")
  readonly uniqueLogicalSizeBytes!: number | null;

  @column("replica_num", integer, "Number of replicas.", { filter: true })
  readonly replicaCount!: number | null;

  @column("stripe_num", integer, "Number of stripes.")
  readonly stripeCount!: number | null;

  @column("stripe_size", bytes, "Size of a stripe, in bytes.")
  readonly stripeSizeBytes!: number | null;

  @column("thin_provision", boolean, "Whether space is allocated on write (thin provisioning).", { filter: true })
  readonly thinProvisioned!: boolean | null;

  @column("is_shared", boolean, "Whether several machines can use the namespace at the same time.", { filter: true })
  readonly shared!: boolean | null;

  @column("business_host_is_same_with_parent", boolean, "Whether the business hosts are those of the subsystem.")
  readonly sameBusinessHostsAsParent!: boolean | null;

  @column("downgraded_prioritized_space", bytes, "Space of prioritized data that was downgraded, in bytes.")
  readonly downgradedPrioritizedSpaceBytes!: number | null;

  @column("nqn_whitelist", text, "Machines allowed to use the namespace, in CloudTower's own format.")
  readonly nqnWhitelist!: string | null;

  @column("snapshot_num", integer, "Number of snapshots, as counted by CloudTower.")
  readonly snapshotCount!: number | null;

  @column("nvmf_subsystem", reference, "The NVMe subsystem that the namespace belongs to.")
  readonly subsystem!: Reference | null;

  @column("namespace_group", reference, "The namespace group that the namespace belongs to.")
  readonly namespaceGroup!: Reference | null;

  @column("local_id", text, "The namespace's id in the storage system.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the namespace was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of NVMe namespaces. */
export const nvmfNamespaceList = new Listing(NvmfNamespace);
