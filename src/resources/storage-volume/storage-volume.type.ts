import { Field, ID, Int, ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/define-enum.js";
import type { Joinable } from "../../graph/joinable.js";
import { Node } from "../../graph/node.js";
import { BigIntScalar } from "../../graph/scalars.js";
import { globalId } from "../../kernel/global-id.js";
import type { Row } from "../../upstream/wire/types.js";

/** What a ZBS volume is to CloudTower. */
export const StorageVolumeKind = defineEnum("StorageVolumeKind", "What a ZBS volume is to CloudTower.", {
  LUN: "The live data of an iSCSI LUN.",
  LUN_SNAPSHOT: "The frozen data of a LUN snapshot.",
});

/**
 * A ZBS volume. CloudTower has no call for it: what is known stands on its LUN (`zbs_volume_id`) or on its LUN snapshot
 * (`local_id`).
 */
@ObjectType("StorageVolume", {
  implements: Node,
  description: "A ZBS volume: the storage object that the data-protection API (ZADP) reads and writes.",
})
export class StorageVolume implements Joinable {
  static readonly typename = "StorageVolume";

  [joined: `@${string}`]: unknown;

  private constructor(
    readonly zbs: string,
    readonly lunRow: Row<"IscsiLun"> | null,
    readonly lunSnapshotRow: Row<"IscsiLunSnapshot"> | null,
  ) {}

  /** The ZBS volume with the live data of a LUN; null for a LUN that names none. */
  static ofLun(row: Row<"IscsiLun">): StorageVolume | null {
    return row.zbs_volume_id ? new StorageVolume(row.zbs_volume_id, row, null) : null;
  }

  /** The ZBS volume with the frozen data of a LUN snapshot; null while the snapshot has no id in ZBS. */
  static ofLunSnapshot(row: Row<"IscsiLunSnapshot">): StorageVolume | null {
    return row.local_id ? new StorageVolume(row.local_id, null, row) : null;
  }

  @Field(() => ID, { description: "Global id: `StorageVolume:` and the ZBS id." })
  get id(): string {
    return globalId(StorageVolume.typename, this.zbs);
  }

  @Field(() => String, { description: "Id in ZBS: what the data-protection API wants." })
  get zbsId(): string {
    return this.zbs;
  }

  @Field(() => StorageVolumeKind.type, { description: "Live data of a LUN, or frozen data of a LUN snapshot." })
  get kind(): string {
    return this.lunRow === null ? "LUN_SNAPSHOT" : "LUN";
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Size in bytes; null for a snapshot, whose size CloudTower does not tell.",
  })
  get sizeBytes(): number | null {
    return this.lunRow?.assigned_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this volume takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return (this.lunRow ?? this.lunSnapshotRow)?.unique_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space shared with snapshots and clones, in bytes." })
  get sharedSizeBytes(): number | null {
    return this.lunRow?.shared_size ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of replicas." })
  get replicaCount(): number | null {
    return this.lunRow?.replica_num ?? null;
  }

  @Field(() => Int, { nullable: true, description: "Number of stripes." })
  get stripeCount(): number | null {
    return this.lunRow?.stripe_num ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of a stripe, in bytes." })
  get stripeSizeBytes(): number | null {
    return this.lunRow?.stripe_size ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether space is taken only when it is written." })
  get thinProvisioned(): boolean | null {
    return this.lunRow?.thin_provision ?? null;
  }
}
