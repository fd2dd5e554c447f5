import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, integer, requiredText, text, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoLimited } from "../shared/io-limited.js";

const column = columnsOf("IscsiTarget");

/** Source: `get-iscsi-targets`. Its CHAP names and secrets are never shown. */
@ObjectType("IscsiTarget", {
  implements: Node,
  description: "An iSCSI target: what initiators log in to, with LUNs behind it.",
})
export class IscsiTarget extends IoLimited<"IscsiTarget"> {
  static override readonly typename = "IscsiTarget";
  static override readonly entity = "IscsiTarget";

  @column("name", requiredText, "Name of the target.", { filter: true, order: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("iqn_name", text, "iSCSI qualified name.", { filter: true, order: true })
  readonly iqnName!: string | null;

  @column("internal", boolean, "Whether the target belongs to the system: those of VM volumes do.", { filter: true })
  readonly internal!: boolean | null;

  @column("external_use", boolean, "Whether the target is there for machines outside the cluster.", { filter: true })
  readonly externalUse!: boolean | null;

  @column("ip_whitelist", text, "Which addresses may log in, as CloudTower writes it.")
  readonly ipWhitelist!: string | null;

  @column("iqn_whitelist", text, "Which initiators may log in, as CloudTower writes it.")
  readonly iqnWhitelist!: string | null;

  @column("chap_enabled", boolean, "Whether initiators must prove who they are.", { filter: true })
  readonly chapEnabled!: boolean | null;

  @column("replica_num", integer, "Number of replicas that new LUNs get.")
  readonly replicaCount!: number | null;

  @column("stripe_num", integer, "Number of stripes that new LUNs get.")
  readonly stripeCount!: number | null;

  @column("stripe_size", bytes, "Size of a stripe that new LUNs get, in bytes.")
  readonly stripeSizeBytes!: number | null;

  @column("thin_provision", boolean, "Whether new LUNs take space only when it is written.")
  readonly thinProvisioned!: boolean | null;

  @column("local_id", text, "The target's id on the storage side.", { filter: true })
  readonly localId!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "What a running task is doing to it; null when none is.", {
    filter: true,
  })
  readonly asyncStatus!: string | null;
}

/** How iSCSI targets are listed. */
export const iscsiTargetList = new Listing(IscsiTarget);
