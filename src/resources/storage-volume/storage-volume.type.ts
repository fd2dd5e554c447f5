import { Field, ID, Int, ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { reads } from "../../graph/model/column.js";
import type { GraphObject } from "../../graph/model/graph-object.js";
import { Node } from "../../graph/model/node.js";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { globalId } from "../../kernel/global-id.js";
import type { Row } from "../../upstream/wire/types.js";

/** What a ZBS volume is to CloudTower. */
export const StorageVolumeKind = defineEnum("StorageVolumeKind", "What a ZBS volume is to CloudTower.", {
  LUN: "The live data of an iSCSI LUN.",
  LUN_SNAPSHOT: "The frozen data of a LUN snapshot.",
  NVMF_NAMESPACE: "The live data of an NVMe namespace.",
  NVMF_NAMESPACE_SNAPSHOT: "The frozen data of a snapshot of an NVMe namespace.",
});

/** What a ZBS volume lies under: exactly one of these. */
interface Owner {
  readonly lun?: Row<"IscsiLun">;
  readonly lunSnapshot?: Row<"IscsiLunSnapshot">;
  readonly namespace?: Row<"NvmfNamespace">;
  readonly namespaceSnapshot?: Row<"NvmfNamespaceSnapshot">;
}

/**
 * A ZBS volume. CloudTower has no call for it: what is known stands on its LUN or NVMe namespace (`zbs_volume_id`), or on the
 * snapshot of one (`local_id`).
 */
@ObjectType("StorageVolume", {
  implements: Node,
  description: "A ZBS volume: the storage object that the data-protection API (ZADP) reads and writes.",
})
export class StorageVolume implements GraphObject {
  static readonly typename = "StorageVolume";

  [relation: `@${string}`]: unknown;

  private constructor(
    readonly zbs: string,
    private readonly owner: Owner,
  ) {}

  /** The ZBS volume with the live data of a LUN; null for a LUN that names none. */
  static ofLun(lun: Row<"IscsiLun">): StorageVolume | null {
    return lun.zbs_volume_id ? new StorageVolume(lun.zbs_volume_id, { lun }) : null;
  }

  /** The ZBS volume with the frozen data of a LUN snapshot; null while the snapshot has no id in ZBS. */
  static ofLunSnapshot(lunSnapshot: Row<"IscsiLunSnapshot">): StorageVolume | null {
    return lunSnapshot.local_id ? new StorageVolume(lunSnapshot.local_id, { lunSnapshot }) : null;
  }

  /** The ZBS volume with the live data of an NVMe namespace; null for one that names none. */
  static ofNamespace(namespace: Row<"NvmfNamespace">): StorageVolume | null {
    return namespace.zbs_volume_id ? new StorageVolume(namespace.zbs_volume_id, { namespace }) : null;
  }

  /** The ZBS volume with the frozen data of a namespace's snapshot; null while the snapshot has no id in ZBS. */
  static ofNamespaceSnapshot(namespaceSnapshot: Row<"NvmfNamespaceSnapshot">): StorageVolume | null {
    return namespaceSnapshot.local_id ? new StorageVolume(namespaceSnapshot.local_id, { namespaceSnapshot }) : null;
  }

  get lunRow(): Row<"IscsiLun"> | undefined {
    return this.owner.lun;
  }

  get lunSnapshotRow(): Row<"IscsiLunSnapshot"> | undefined {
    return this.owner.lunSnapshot;
  }

  get namespaceRow(): Row<"NvmfNamespace"> | undefined {
    return this.owner.namespace;
  }

  get namespaceSnapshotRow(): Row<"NvmfNamespaceSnapshot"> | undefined {
    return this.owner.namespaceSnapshot;
  }

  /** CloudTower's id of the LUN whose data this is or was. */
  get lunId(): string | null {
    return this.owner.lun?.id ?? this.owner.lunSnapshot?.iscsi_lun?.id ?? null;
  }

  /** CloudTower's id of the NVMe namespace whose data this is or was. */
  get namespaceId(): string | null {
    return this.owner.namespace?.id ?? this.owner.namespaceSnapshot?.nvmf_namespace?.id ?? null;
  }

  /** What tells about live data. */
  private get live(): Row<"IscsiLun"> | Row<"NvmfNamespace"> | undefined {
    return this.owner.lun ?? this.owner.namespace;
  }

  @reads()
  @Field(() => ID, { description: "Global id: `StorageVolume:` and the ZBS id." })
  get id(): string {
    return globalId(StorageVolume.typename, this.zbs);
  }

  @reads()
  @Field(() => String, { description: "Id in ZBS: what the data-protection API wants." })
  get zbsId(): string {
    return this.zbs;
  }

  @reads()
  @Field(() => StorageVolumeKind.type, { description: "Live or frozen data, and of what." })
  get kind(): string {
    if (this.owner.lun) return "LUN";
    if (this.owner.lunSnapshot) return "LUN_SNAPSHOT";
    return this.owner.namespace ? "NVMF_NAMESPACE" : "NVMF_NAMESPACE_SNAPSHOT";
  }

  @reads("assigned_size")
  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Size in bytes; null for a snapshot, whose size CloudTower does not tell.",
  })
  get sizeBytes(): number | null {
    return this.live?.assigned_size ?? null;
  }

  @reads("unique_size")
  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this volume takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return (this.live ?? this.owner.lunSnapshot ?? this.owner.namespaceSnapshot)?.unique_size ?? null;
  }

  @reads("shared_size")
  @Field(() => BigIntScalar, { nullable: true, description: "Space shared with snapshots and clones, in bytes." })
  get sharedSizeBytes(): number | null {
    return this.live?.shared_size ?? null;
  }

  @reads("replica_num")
  @Field(() => Int, { nullable: true, description: "Number of replicas." })
  get replicaCount(): number | null {
    return this.live?.replica_num ?? null;
  }

  @reads("stripe_num")
  @Field(() => Int, { nullable: true, description: "Number of stripes." })
  get stripeCount(): number | null {
    return this.live?.stripe_num ?? null;
  }

  @reads("stripe_size")
  @Field(() => BigIntScalar, { nullable: true, description: "Size of a stripe, in bytes." })
  get stripeSizeBytes(): number | null {
    return this.live?.stripe_size ?? null;
  }

  @reads("thin_provision")
  @Field(() => Boolean, { nullable: true, description: "Whether space is taken only when it is written." })
  get thinProvisioned(): boolean | null {
    return this.live?.thin_provision ?? null;
  }
}
