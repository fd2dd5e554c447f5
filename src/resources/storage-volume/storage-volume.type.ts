import { Field, ID, Int, ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { reads } from "../../graph/model/column.js";
import type { GraphObject } from "../../graph/model/graph-object.js";
import { Node } from "../../graph/model/node.js";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { globalId } from "../../kernel/text/global-id.js";
import type { Row } from "../../upstream/wire/types.js";

/** Kind of data in a ZBS volume. */
export const StorageVolumeKind = defineEnum("StorageVolumeKind", "Kind of data in a ZBS volume.", {
  LUN: "Live data of an iSCSI LUN.",
  LUN_SNAPSHOT: "Frozen data of a LUN snapshot.",
  NVMF_NAMESPACE: "Live data of an NVMe namespace.",
  NVMF_NAMESPACE_SNAPSHOT: "Frozen data of a snapshot of an NVMe namespace.",
});

/** The row that describes a ZBS volume. Exactly one is present. */
interface Owner {
  readonly lun?: Row<"IscsiLun">;
  readonly lunSnapshot?: Row<"IscsiLunSnapshot">;
  readonly namespace?: Row<"NvmfNamespace">;
  readonly namespaceSnapshot?: Row<"NvmfNamespaceSnapshot">;
}

/**
 * A ZBS volume. CloudTower has no endpoint for it: all that is known comes from the row of its LUN or NVMe namespace
 * (`zbs_volume_id`), or of a snapshot of one (`local_id`).
 */
@ObjectType("StorageVolume", {
  implements: Node,
  description: "A ZBS volume: the storage object that the data-protection API (ZADP) reads and writes.",
})
export class StorageVolume implements GraphObject {
  static readonly typename = "StorageVolume";

  [relationKey: `@${string}`]: unknown;

  private constructor(
    readonly zbs: string,
    private readonly owner: Owner,
  ) {}

  /** The ZBS volume with the live data of a LUN; null if the LUN has none. */
  static ofLun(lun: Row<"IscsiLun">): StorageVolume | null {
    return lun.zbs_volume_id ? new StorageVolume(lun.zbs_volume_id, { lun }) : null;
  }

  /** The ZBS volume with the frozen data of a LUN snapshot; null until the snapshot has an id in ZBS. */
  static ofLunSnapshot(lunSnapshot: Row<"IscsiLunSnapshot">): StorageVolume | null {
    return lunSnapshot.local_id ? new StorageVolume(lunSnapshot.local_id, { lunSnapshot }) : null;
  }

  /** The ZBS volume with the live data of an NVMe namespace; null if the namespace has none. */
  static ofNamespace(namespace: Row<"NvmfNamespace">): StorageVolume | null {
    return namespace.zbs_volume_id ? new StorageVolume(namespace.zbs_volume_id, { namespace }) : null;
  }

  /** The ZBS volume with the frozen data of a namespace's snapshot; null until the snapshot has an id in ZBS. */
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

  /** CloudTower's id of the LUN that the data belongs to or was taken of. */
  get lunId(): string | null {
    return this.owner.lun?.id ?? this.owner.lunSnapshot?.iscsi_lun?.id ?? null;
  }

  /** CloudTower's id of the NVMe namespace that the data belongs to or was taken of. */
  get namespaceId(): string | null {
    return this.owner.namespace?.id ?? this.owner.namespaceSnapshot?.nvmf_namespace?.id ?? null;
  }

  /** The row that describes live data; undefined for frozen data. */
  private get live(): Row<"IscsiLun"> | Row<"NvmfNamespace"> | undefined {
    return this.owner.lun ?? this.owner.namespace;
  }

  @reads()
  @Field(() => ID, { description: "Global id: `StorageVolume:` and the ZBS id." })
  get id(): string {
    return globalId(StorageVolume.typename, this.zbs);
  }

  @reads()
  @Field(() => String, { description: "Id in ZBS, as expected by the data-protection API (ZADP)." })
  get zbsId(): string {
    return this.zbs;
  }

  @reads()
  @Field(() => StorageVolumeKind.type, { description: "Whether the data is live or frozen, and what it belongs to." })
  get kind(): string {
    if (this.owner.lun) return "LUN";
    if (this.owner.lunSnapshot) return "LUN_SNAPSHOT";
    return this.owner.namespace ? "NVMF_NAMESPACE" : "NVMF_NAMESPACE_SNAPSHOT";
  }

  @reads("assigned_size")
  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Size, in bytes; null for a snapshot, because CloudTower does not report its size.",
  })
  get sizeBytes(): number | null {
    return this.live?.assigned_size ?? null;
  }

  @reads("unique_size")
  @Field(() => BigIntScalar, { nullable: true, description: "Space used by this volume alone, in bytes." })
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
  @Field(() => Boolean, { nullable: true, description: "Whether space is allocated on write (thin provisioning)." })
  get thinProvisioned(): boolean | null {
    return this.live?.thin_provision ?? null;
  }
}
