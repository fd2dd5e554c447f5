import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import {
  InvalidInputError,
  type MutationError,
  MutationError as MutationErrorType,
} from "../writes/mutation-errors.js";

/** Maximum number of snapshots in a call. */
export const MAX_LEASES_PER_CALL = 100;
/** Maximum duration of a lease: a year and a day. */
export const MAX_LEASE_SECONDS = 367 * 86_400;
/** An owner is part of a label. */
const OWNER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const SECONDS_DESCRIPTION = `Duration from now, in seconds, 1 to ${MAX_LEASE_SECONDS}. The lease expires at the next quarter of an hour after that.`;

/** A lease as a client asks for it. */
@InputType({
  description:
    "A lease: until it expires, the snapshot is in use. After that, the reaper and `deleteExpiredSnapshots` may delete it.",
})
export class VmSnapshotLeaseInput {
  @Field(() => String, {
    description:
      "Whose snapshot it is, such as the name of a backup job: 1 to 63 letters, digits and `-._`, the first a letter or digit.",
  })
  readonly owner!: string;

  @Field(() => Int, { description: SECONDS_DESCRIPTION })
  readonly seconds!: number;
}

/** Why a lease cannot be given, if it cannot. */
export function leaseError(lease: VmSnapshotLeaseInput | null | undefined): MutationError | undefined {
  if (lease === null || lease === undefined) return undefined;
  return ownerError(lease.owner) ?? secondsError(lease.seconds);
}

/** Why a text cannot name an owner, if it cannot. */
export function ownerError(owner: string): MutationError | undefined {
  if (OWNER.test(owner)) return undefined;
  return new InvalidInputError(
    `owner must be 1 to 63 letters, digits and "-._", the first a letter or digit, got ${JSON.stringify(owner.slice(0, 80))}.`,
  );
}

/** Why a lease cannot last so long, if it cannot. */
export function secondsError(seconds: number): MutationError | undefined {
  if (seconds >= 1 && seconds <= MAX_LEASE_SECONDS) return undefined;
  return new InvalidInputError(`seconds must be between 1 and ${MAX_LEASE_SECONDS}, got ${seconds}.`);
}

/** The lease of a snapshot. */
@ObjectType("VmSnapshotLease", {
  description:
    "The lease of a snapshot, as the labels that CloudTower keeps of it say. A label proves nothing: whoever may label a snapshot could have put it there.",
})
export class VmSnapshotLease {
  static readonly typename = "VmSnapshotLease";

  @Field(() => String, { nullable: true, description: "Its owner; null if no label names one, or several do." })
  readonly owner!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "When it expires; null if one of its labels is malformed, so that this is not known.",
  })
  readonly expiresAt!: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether it has expired; null if `expiresAt` is not known." })
  readonly expired!: boolean | null;
}

/** Input of `renewSnapshotLeases`. */
@InputType({ description: "The snapshots whose leases are renewed." })
export class RenewSnapshotLeasesInput {
  @Field(() => [ID], {
    description: `The snapshots, by their global or bare ids, 1 to ${MAX_LEASES_PER_CALL}.`,
  })
  readonly snapshotIds!: readonly string[];

  @Field(() => Int, { description: SECONDS_DESCRIPTION })
  readonly seconds!: number;
}

/** Input of `releaseSnapshotLeases`. */
@InputType({ description: "The snapshots whose leases are released." })
export class ReleaseSnapshotLeasesInput {
  @Field(() => [ID], {
    description: `The snapshots, by their global or bare ids, 1 to ${MAX_LEASES_PER_CALL}.`,
  })
  readonly snapshotIds!: readonly string[];
}

/** Result of the change of one lease. */
@ObjectType({ description: "Result of the change of one lease." })
export class SnapshotLeaseResult {
  @Field(() => ID, { description: "The id as it was sent in the input, global or bare, even if it is malformed." })
  readonly inputId!: string;

  @Field(() => VmSnapshot, {
    nullable: true,
    description: "The snapshot as it was read after the change; null if there are errors and it was not read.",
  })
  readonly snapshot!: VmSnapshot | null;

  @Field(() => [MutationErrorType], { description: "Why the lease is not as it should be; empty if it is." })
  readonly errors!: readonly MutationError[];
}

/** Shape of both payloads. */
@ObjectType({ isAbstract: true } as object)
abstract class LeasesPayload {
  @Field(() => [SnapshotLeaseResult], {
    description: "One result per id, in the order of the input; empty if the input as a whole was refused.",
  })
  readonly results!: readonly SnapshotLeaseResult[];

  @Field(() => [MutationErrorType], {
    description: "Why the input as a whole was refused; nothing was changed then.",
  })
  readonly errors!: readonly MutationError[];
}

/** Payload of `renewSnapshotLeases`. */
@ObjectType({ description: "Result of `renewSnapshotLeases`." })
export class RenewSnapshotLeasesPayload extends LeasesPayload {}

/** Payload of `releaseSnapshotLeases`. */
@ObjectType({ description: "Result of `releaseSnapshotLeases`." })
export class ReleaseSnapshotLeasesPayload extends LeasesPayload {}
