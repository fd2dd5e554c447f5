import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, requiredText, text, time, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";

const column = columnsOf("ConsistencyGroup");

/** Source: `get-consistency-groups`. */
@ObjectType("ConsistencyGroup", {
  implements: Node,
  description: "A consistency group: LUNs and NVMe namespaces whose snapshots are taken at the same moment.",
})
export class ConsistencyGroup extends Resource<"ConsistencyGroup"> {
  static override readonly typename = "ConsistencyGroup";
  static override readonly entity = "ConsistencyGroup";

  @column("name", requiredText, "Name of the group.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("unique_size", bytes, "Space used by this group alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("local_id", text, "The group's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the group was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of consistency groups. */
export const consistencyGroupList = new Listing(ConsistencyGroup);
