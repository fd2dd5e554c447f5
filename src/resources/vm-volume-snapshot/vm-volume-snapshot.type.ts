import { Field, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeSnapshotType } from "./vm-volume-snapshot.enums.js";

/** Source: `get-vm-volume-snapshots`. */
@ObjectType("VmVolumeSnapshot", { implements: Node, description: "A snapshot of one volume." })
export class VmVolumeSnapshot extends Resource<"VmVolumeSnapshot"> {
  static override readonly typename = "VmVolumeSnapshot";
  static override readonly entity = "VmVolumeSnapshot";

  @Field(() => String, { description: "Name of the snapshot." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => VmVolumeSnapshotType.type, { description: "What holds the frozen data." })
  get type(): string {
    return VmVolumeSnapshotType.fromUpstream(this.row.type);
  }

  @Field(() => StoragePolicy.type, { description: "How the data is kept redundant." })
  get storagePolicy(): string {
    return StoragePolicy.fromUpstream(this.row.elf_storage_policy);
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that the snapshot takes, in bytes." })
  get sizeBytes(): number | null {
    return this.row.size ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Space shared with other snapshots and the volume, in bytes.",
  })
  get sharedSizeBytes(): number | null {
    return this.row.shared_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this snapshot takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of the volume when it was frozen, in bytes." })
  get volumeSizeBytes(): number | null {
    return this.row.volume_size ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether several VMs could hold the volume at once." })
  get volumeSharing(): boolean | null {
    return this.row.volume_sharing ?? null;
  }

  @Field(() => String, {
    nullable: true,
    description: "Id of the frozen data in ZBS; `lunSnapshot` is what stands there.",
  })
  get zbsSnapshotUuid(): string | null {
    return textOrNull(this.row.zbs_snapshot_uuid);
  }

  @Field(() => String, {
    nullable: true,
    description: "The snapshot's id within its cluster; a frozen disk's `volumeSnapshotUuid`.",
  })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the snapshot was taken." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "A second time that CloudTower keeps of the creation; the contract does not say which.",
  })
  get recordedAt(): string | null {
    return time(this.row.createAt);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }
}
