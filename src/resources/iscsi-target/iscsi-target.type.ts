import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, integer, requiredText, text, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoLimited } from "../shared/io-limited.js";

const column = columnsOf("IscsiTarget");

/** Source: `get-iscsi-targets`. CHAP names and secrets are never exposed. */
@ObjectType("IscsiTarget", {
  implements: Node,
  description: "An iSCSI target, which initiators log in to in order to use its LUNs.",
})
export class IscsiTarget extends IoLimited<"IscsiTarget"> {
  static override readonly typename = "IscsiTarget";
  static override readonly entity = "IscsiTarget";

  @column("name", requiredText, "Name of the target.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("iqn_name", text, "iSCSI qualified name.", { filter: true })
  readonly iqnName!: string | null;

  @column("internal", boolean, "Whether the target belongs to the system, as those of VM volumes do.", { filter: true })
  readonly internal!: boolean | null;

  @column("external_use", boolean, "Whether the target is for machines outside the cluster.", { filter: true })
  readonly externalUse!: boolean | null;

  @column("ip_whitelist", text, "IP addresses allowed to log in, in CloudTower's own format.")
  readonly ipWhitelist!: string | null;

  @column("iqn_whitelist", text, "Initiators allowed to log in, in CloudTower's own format.")
  readonly iqnWhitelist!: string | null;

  @column("chap_enabled", boolean, "Whether initiators must authenticate with CHAP.", { filter: true })
  readonly chapEnabled!: boolean | null;

  @column("replica_num", integer, "Number of replicas of new LUNs.")
  readonly replicaCount!: number | null;

  @column("stripe_num", integer, "Number of stripes of new LUNs.")
  readonly stripeCount!: number | null;

  @column("stripe_size", bytes, "Size of a stripe of new LUNs, in bytes.")
  readonly stripeSizeBytes!: number | null;

  @column("thin_provision", boolean, "Whether space for new LUNs is allocated on write (thin provisioning).")
  readonly thinProvisioned!: boolean | null;

  @column("iscsi_luns_num", integer, "Number of LUNs, as counted by CloudTower.")
  readonly lunCount!: number | null;

  @column(
    "configuration_adaptive",
    boolean,
    "Whether the configuration of access adapts itself, as reported by CloudTower.",
  )
  readonly accessConfigurationAdaptive!: boolean | null;

  @column("local_id", text, "The target's id in the storage system.", { filter: true })
  readonly localId!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of iSCSI targets. */
export const iscsiTargetList = new Listing(IscsiTarget);
