import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { textOrNull } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";

/** Source: `get-elf-storage-policies`. */
@ObjectType("ElfStoragePolicy", {
  implements: Node,
  description: "A storage policy of a cluster: how new volumes are kept.",
})
export class ElfStoragePolicy extends Resource<"ElfStoragePolicy"> {
  static override readonly typename = "ElfStoragePolicy";
  static override readonly entity = "ElfStoragePolicy";

  @Field(() => String, { description: "Name of the policy." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of replicas." })
  get replicaCount(): number | null {
    return this.row.replica_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of stripes." })
  get stripeCount(): number | null {
    return this.row.stripe_num ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of a stripe, in bytes." })
  get stripeSizeBytes(): number | null {
    return this.row.stripe_size ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether space is taken only when it is written." })
  get thinProvisioned(): boolean | null {
    return this.row.thin_provision ?? null;
  }

  @Field(() => String, {
    nullable: true,
    description: "The policy's id within its cluster; a frozen disk's `storagePolicyUuid`.",
  })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }
}
