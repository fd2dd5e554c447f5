import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { bytes, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";

const column = columnsOf("ConsistencyGroupSnapshot");

/** Source: `get-consistency-group-snapshots`. */
@ObjectType("ConsistencyGroupSnapshot", {
  implements: Node,
  description: "A snapshot of a consistency group: one snapshot per member, all taken at the same moment.",
})
export class ConsistencyGroupSnapshot extends Resource<"ConsistencyGroupSnapshot"> {
  static override readonly typename = "ConsistencyGroupSnapshot";
  static override readonly entity = "ConsistencyGroupSnapshot";

  @column("name", requiredText, "Name of the snapshot.", { filter: true })
  readonly name!: string;

  @column("unique_size", bytes, "Space used by this snapshot alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("local_id", text, "The snapshot's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the snapshot was taken.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of snapshots of consistency groups. */
export const consistencyGroupSnapshotList = new Listing(ConsistencyGroupSnapshot);
