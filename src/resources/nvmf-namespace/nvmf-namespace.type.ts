import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoLimited } from "../shared/io-limited.js";
import { Reference, referenceTo } from "../shared/reference.type.js";

/** Source: `get-nvmf-namespaces`. */
@ObjectType("NvmfNamespace", { implements: Node, description: "An NVMe-oF namespace: block storage over NVMe." })
export class NvmfNamespace extends IoLimited<"NvmfNamespace"> {
  static override readonly typename = "NvmfNamespace";
  static override readonly entity = "NvmfNamespace";

  @Field(() => String, { description: "Name of the namespace." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, {
    nullable: true,
    description: "Id of the ZBS volume that holds the data; `storageVolume` is the same as an object.",
  })
  get zbsVolumeId(): string | null {
    return textOrNull(this.row.zbs_volume_id);
  }

  @Field(() => Int, { nullable: true, description: "Number of the namespace within its subsystem." })
  get namespaceNumber(): number | null {
    return this.row.namespace_id ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of the namespace, in bytes." })
  get assignedSizeBytes(): number | null {
    return this.row.assigned_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space shared with snapshots and clones, in bytes." })
  get sharedSizeBytes(): number | null {
    return this.row.shared_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this namespace takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Data that only this namespace has, without replicas, in bytes; null before CloudTower 4.3.",
  })
  get uniqueLogicalSizeBytes(): number | null {
    return this.row.unique_logical_size ?? null;
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

  @Field(() => Boolean, { nullable: true, description: "Whether several machines may use it at once." })
  get shared(): boolean | null {
    return this.row.is_shared ?? null;
  }

  @Field(() => String, { nullable: true, description: "Which machines may use it, as CloudTower writes it." })
  get nqnWhitelist(): string | null {
    return textOrNull(this.row.nqn_whitelist);
  }

  @Field(() => Int, { nullable: true, description: "Number of its snapshots, as CloudTower counts them." })
  get snapshotCount(): number | null {
    return this.row.snapshot_num ?? null;
  }

  @Field(() => Reference, { nullable: true, description: "The NVMe subsystem that it belongs to." })
  get subsystem(): Reference | null {
    return referenceTo(this.row.nvmf_subsystem);
  }

  @Field(() => Reference, { nullable: true, description: "The group of namespaces that it belongs to." })
  get namespaceGroup(): Reference | null {
    return referenceTo(this.row.namespace_group);
  }

  @Field(() => String, { nullable: true, description: "The namespace's id on the storage side." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the namespace was made." })
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
