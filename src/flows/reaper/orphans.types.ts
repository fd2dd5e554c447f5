import { Field, ObjectType, registerEnumType } from "type-graphql";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";

/** Why a snapshot counts as an orphan. */
export const OrphanReason = { NO_LEASE: "NO_LEASE", LEASE_EXPIRED: "LEASE_EXPIRED" } as const;
registerEnumType(OrphanReason, {
  name: "OrphanSnapshotReason",
  description: "Why a snapshot counts as an orphan.",
  valuesConfig: {
    NO_LEASE: { description: "It has no lease. Somebody may have taken it by hand, and may want to keep it." },
    LEASE_EXPIRED: { description: "Its lease has expired: its owner has not renewed it." },
  },
});

/** A snapshot that may have been left behind. */
@ObjectType({ description: "A snapshot that may have been left behind." })
export class OrphanSnapshot {
  @Field(() => VmSnapshot, { description: "The snapshot." })
  readonly snapshot!: VmSnapshot;

  @Field(() => OrphanReason, { description: "Why it counts as an orphan." })
  readonly reason!: keyof typeof OrphanReason;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      "Sum of `uniqueSizeBytes` of its LUN snapshots; null if one of them is missing or has no size. Not exactly what a deletion frees: what it shares with one other snapshot alone is counted in neither.",
  })
  readonly uniqueSizeBytes!: number | null;
}

/** A page of orphans. */
@ObjectType({ description: "Snapshots that may have been left behind, by id." })
export class OrphanSnapshotPage {
  @Field(() => [OrphanSnapshot], {
    description: "The snapshots; fewer than `first`, or none, also if there are more: follow `endCursor`.",
  })
  readonly nodes!: readonly OrphanSnapshot[];

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Sum of the sizes of this page; null if one of them is null.",
  })
  readonly uniqueSizeBytes!: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Pass it as `after` to get the next page; null if there are no more.",
  })
  readonly endCursor!: string | null;
}
