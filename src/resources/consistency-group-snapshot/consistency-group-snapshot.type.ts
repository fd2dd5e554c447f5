import { Field, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";

/** Source: `get-consistency-group-snapshots`. */
@ObjectType("ConsistencyGroupSnapshot", {
  implements: Node,
  description: "A snapshot of a consistency group: one of each member, taken at the same moment.",
})
export class ConsistencyGroupSnapshot extends Resource<"ConsistencyGroupSnapshot"> {
  static override readonly typename = "ConsistencyGroupSnapshot";
  static override readonly entity = "ConsistencyGroupSnapshot";

  @Field(() => String, { description: "Name of the snapshot." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this snapshot takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
  }

  @Field(() => String, { nullable: true, description: "The snapshot's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the snapshot was taken." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }
}
