import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, integer, requiredText, text, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";

const column = columnsOf("ElfStoragePolicy");

/** Source: `get-elf-storage-policies`. */
@ObjectType("ElfStoragePolicy", {
  implements: Node,
  description: "A storage policy of a cluster: how new volumes are stored.",
})
export class ElfStoragePolicy extends Resource<"ElfStoragePolicy"> {
  static override readonly typename = "ElfStoragePolicy";
  static override readonly entity = "ElfStoragePolicy";

  @column("name", requiredText, "Name of the policy.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.")
  readonly description!: string | null;

  @column("replica_num", integer, "Number of replicas.", { filter: true })
  readonly replicaCount!: number | null;

  @column("stripe_num", integer, "Number of stripes.")
  readonly stripeCount!: number | null;

  @column("stripe_size", bytes, "Size of a stripe, in bytes.")
  readonly stripeSizeBytes!: number | null;

  @column("thin_provision", boolean, "Whether space is allocated on write (thin provisioning).", { filter: true })
  readonly thinProvisioned!: boolean | null;

  @column("local_id", text, "The policy's id within its cluster; matches `storagePolicyUuid` of a frozen disk.", {
    filter: true,
  })
  readonly localId!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of storage policies. */
export const elfStoragePolicyList = new Listing(ElfStoragePolicy);
