import { Field, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";

/** Source: `get-consistency-groups`. */
@ObjectType("ConsistencyGroup", {
  implements: Node,
  description: "A consistency group: LUNs and NVMe namespaces whose snapshots are taken at the same moment.",
})
export class ConsistencyGroup extends Resource<"ConsistencyGroup"> {
  static override readonly typename = "ConsistencyGroup";
  static override readonly entity = "ConsistencyGroup";

  @Field(() => String, { description: "Name of the group." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this group takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
  }

  @Field(() => String, { nullable: true, description: "The group's id within its cluster." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the group was made." })
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
