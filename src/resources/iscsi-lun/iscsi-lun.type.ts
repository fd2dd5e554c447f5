import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoLimited } from "../shared/io-limited.js";

/** Source: `get-iscsi-luns`. */
@ObjectType("IscsiLun", { implements: Node, description: "An iSCSI LUN: the storage behind a volume." })
export class IscsiLun extends IoLimited<"IscsiLun"> {
  static override readonly typename = "IscsiLun";
  static override readonly entity = "IscsiLun";

  @Field(() => String, { description: "Name of the LUN." })
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

  @Field(() => Int, { nullable: true, description: "Number of the LUN within its target." })
  get lunNumber(): number | null {
    return this.row.lun_id ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of the LUN, in bytes." })
  get assignedSizeBytes(): number | null {
    return this.row.assigned_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space shared with snapshots and clones, in bytes." })
  get sharedSizeBytes(): number | null {
    return this.row.shared_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this LUN takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
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

  @Field(() => Int, { nullable: true, description: "Number of its snapshots, as CloudTower counts them." })
  get snapshotCount(): number | null {
    return this.row.snapshot_num ?? null;
  }

  @Field(() => String, { nullable: true, description: "The LUN's id on the storage side." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the LUN was created." })
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

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Data that only this LUN has, without replicas, in bytes; null before CloudTower 4.3.",
  })
  get uniqueLogicalSizeBytes(): number | null {
    return this.row.unique_logical_size ?? null;
  }

  @Field(() => String, { nullable: true, description: "Which initiators may use the LUN, as CloudTower writes it." })
  get allowedInitiators(): string | null {
    return textOrNull(this.row.allowed_initiators);
  }
}
