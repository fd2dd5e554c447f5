import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, integer, requiredText, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";

const column = columnsOf("SnapshotGroup");

/** Source: `get-snapshot-groups`. */
@ObjectType("SnapshotGroup", {
  implements: Node,
  description: "The snapshots that one execution of a snapshot plan has taken.",
})
export class SnapshotGroup extends Resource<"SnapshotGroup"> {
  static override readonly typename = "SnapshotGroup";
  static override readonly entity = "SnapshotGroup";

  @column("name", requiredText, "Name of the group.", { filter: true })
  readonly name!: string;

  @column("local_created_at", time, "When the snapshots were taken.", { filter: true })
  readonly createdAt!: string | null;

  @column("object_num", integer, "Number of objects in the group.", { filter: true })
  readonly objectCount!: number | null;

  @column("logical_size_bytes", bytes, "Logical size of the snapshots, in bytes.", { filter: true })
  readonly logicalSizeBytes!: number | null;

  @column("keep", boolean, "Whether the plan keeps the group although its turn to be deleted has come.", {
    filter: true,
  })
  readonly kept!: boolean | null;

  @column("deleted", boolean, "Whether the group's snapshots have been deleted.", { filter: true })
  readonly deleted!: boolean | null;

  @column("estimated_recycling_time", time, "When the plan is expected to delete the group.", {
    filter: true,
  })
  readonly expectedDeletionAt!: string | null;

  @column("internal", boolean, "Whether the group belongs to the system.", { filter: true })
  readonly internal!: boolean | null;

  @column("local_id", text, "The group's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of snapshot groups. */
export const snapshotGroupList = new Listing(SnapshotGroup);
