import { Field, Float, ObjectType } from "type-graphql";
import { Resource } from "../../graph/model/resource.js";
import { BigIntScalar } from "../../graph/model/scalars.js";

/** How much of everything a VM takes, as its cluster measures it. */
@ObjectType({ isAbstract: true } as object)
export abstract class VmUsageFigures extends Resource<"Vm"> {
  @Field(() => BigIntScalar, { nullable: true, description: "Space that was promised to the VM's volumes, in bytes." })
  get provisionedSizeBytes(): number | null {
    return this.row.provisioned_size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Size of the VM's storage, in bytes." })
  get sizeBytes(): number | null {
    return this.row.size ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Data of the VM without replicas, in bytes." })
  get logicalSizeBytes(): number | null {
    return this.row.logical_size_bytes ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space in use, in bytes; null before CloudTower 4.6." })
  get usedSizeBytes(): number | null {
    return this.row.used_size ?? null;
  }

  @Field(() => Float, {
    nullable: true,
    description: "Share of the promised space that is in use, as CloudTower tells it; null before CloudTower 4.6.",
  })
  get usedSizeUsage(): number | null {
    return this.row.used_size_usage ?? null;
  }

  @Field(() => BigIntScalar, { nullable: true, description: "Space that only this VM takes, in bytes." })
  get uniqueSizeBytes(): number | null {
    return this.row.unique_size ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Data that only this VM has, without replicas, in bytes; null before CloudTower 4.3.",
  })
  get uniqueLogicalSizeBytes(): number | null {
    return this.row.unique_logical_size ?? null;
  }

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Space in use within the guest's file systems, in bytes, as the guest agent reports it.",
  })
  get guestUsedSizeBytes(): number | null {
    return this.row.guest_used_size ?? null;
  }

  @Field(() => Float, {
    nullable: true,
    description: "Share of the guest's file systems that is in use, as the guest agent reports it.",
  })
  get guestSizeUsage(): number | null {
    return this.row.guest_size_usage ?? null;
  }

  @Field(() => Float, { nullable: true, description: "CPU in use, as CloudTower tells it." })
  get cpuUsage(): number | null {
    return this.row.cpu_usage ?? null;
  }

  @Field(() => Float, { nullable: true, description: "Memory in use, as CloudTower tells it." })
  get memoryUsage(): number | null {
    return this.row.memory_usage ?? null;
  }
}
