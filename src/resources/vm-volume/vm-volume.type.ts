import { Field, Float, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar, DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeType } from "./vm-volume.enums.js";

/** Source: `get-vm-volumes`. */
@ObjectType("VmVolume", {
  implements: Node,
  description: "A virtual volume: what a VM sees as a disk. A shared one is held by several VMs.",
})
export class VmVolume extends Resource<"VmVolume"> {
  static override readonly typename = "VmVolume";
  static override readonly entity = "VmVolume";

  @Field(() => String, { description: "Name as shown to users." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Free text." })
  get description(): string | null {
    return this.row.description ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size that the guest sees, in bytes." })
  get sizeBytes(): number | null {
    return this.row.size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space in use, in bytes." })
  get usedSizeBytes(): number | null {
    return this.row.used_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this volume takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether several VMs may hold it at once." })
  get sharing(): boolean | null {
    return this.row.sharing ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether a VM holds it." })
  get mounting(): boolean | null {
    return this.row.mounting ?? null;
  }

  @Field(() => String, { nullable: true, description: "Access path of the LUN behind it." })
  get path(): string | null {
    return textOrNull(this.row.path);
  }

  @Field(() => String, {
    nullable: true,
    description: "The volume's id on the storage side, unique within its cluster.",
  })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the volume was created." })
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

  @Field(() => VmVolumeType.type, { nullable: true, description: "What holds the data." })
  get type(): string | null {
    return VmVolumeType.fromUpstreamOrNull(this.row.type);
  }

  @Field(() => StoragePolicy.type, { description: "How the data is kept redundant." })
  get storagePolicy(): string {
    return StoragePolicy.fromUpstream(this.row.elf_storage_policy);
  }

  @Field(() => Float, { nullable: true, description: "Share of the size that is in use, as CloudTower tells it." })
  get usedSizeUsage(): number | null {
    return this.row.used_size_usage ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Data that only this volume has, without replicas, in bytes; null before CloudTower 4.3.",
  })
  get uniqueLogicalSizeBytes(): number | null {
    return this.row.unique_logical_size ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Space in use within the guest's file system, in bytes, as the guest agent reports it.",
  })
  get guestUsedSizeBytes(): number | null {
    return this.row.guest_used_size ?? null;
  }

  @Field(() => Float, {
    nullable: true,
    description: "Share of the guest's file system that is in use, as the guest agent reports it.",
  })
  get guestSizeUsage(): number | null {
    return this.row.guest_size_usage ?? null;
  }
}
