import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, integer, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoLimited } from "../shared/io-limited.js";

const column = columnsOf("IscsiLun");

/** Source: `get-iscsi-luns`. */
@ObjectType("IscsiLun", { implements: Node, description: "An iSCSI LUN: the storage that backs a volume." })
export class IscsiLun extends IoLimited<"IscsiLun"> {
  static override readonly typename = "IscsiLun";
  static override readonly entity = "IscsiLun";

  @column("name", requiredText, "Name of the LUN.", { filter: true })
  readonly name!: string;

  @column("zbs_volume_id", text, "Id of the ZBS volume that holds the data; see `storageVolume`.", { filter: true })
  readonly zbsVolumeId!: string | null;

  @column("lun_id", integer, "Number of the LUN within its target.", { filter: true })
  readonly lunNumber!: number | null;

  @column("assigned_size", bytes, "Size of the LUN, in bytes.", { filter: true })
  readonly assignedSizeBytes!: number | null;

  @column("shared_size", bytes, "Space shared with snapshots and clones, in bytes.", { filter: true })
  readonly sharedSizeBytes!: number | null;

  @column("unique_size", bytes, "Space used by this LUN alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("replica_num", integer, "Number of replicas.", { filter: true })
  readonly replicaCount!: number | null;

  @column("stripe_num", integer, "Number of stripes.", { filter: true })
  readonly stripeCount!: number | null;

  @column("stripe_size", bytes, "Size of a stripe, in bytes.")
  readonly stripeSizeBytes!: number | null;

  @column("thin_provision", boolean, "Whether space is allocated on write (thin provisioning).", { filter: true })
  readonly thinProvisioned!: boolean | null;

  @column("snapshot_num", integer, "Number of snapshots, as counted by CloudTower.", { filter: true })
  readonly snapshotCount!: number | null;

  @column("local_id", text, "The LUN's id in the storage system.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the LUN was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column("unique_logical_size", bytes, "Data unique to this LUN, excluding replicas, in bytes.")
  readonly uniqueLogicalSizeBytes!: number | null;

  @column("business_host_is_same_with_parent", boolean, "Whether the business hosts are those of the target.")
  readonly sameBusinessHostsAsParent!: boolean | null;

  @column("downgraded_prioritized_space", bytes, "Space of prioritized data that was downgraded, in bytes.")
  readonly downgradedPrioritizedSpaceBytes!: number | null;

  @column("allowed_initiators", text, "Initiators allowed to use the LUN, in CloudTower's own format.")
  readonly allowedInitiators!: string | null;
}

/** Listing of LUNs. */
export const iscsiLunList = new Listing(IscsiLun);
