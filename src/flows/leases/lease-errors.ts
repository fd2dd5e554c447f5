import { Field } from "type-graphql";
import { MutationError, mutationError } from "../writes/mutation-errors.js";

@mutationError(
  "LEASE_NOT_SET",
  "The snapshot exists, but the lease that was asked for was not put on it, or whether it was is unknown. Repeat the mutation: it finds the snapshot and sets the lease.",
)
export class LeaseNotSetError extends MutationError {
  @Field(() => MutationError, { description: "Why the lease was not set." })
  readonly reason: MutationError;

  constructor(reason: MutationError) {
    super(`The snapshot exists, but its lease was not set: ${reason.message} Repeat the call to set it.`);
    this.reason = reason;
  }
}

@mutationError(
  "LEASE_UNCHANGED",
  "CloudTower responded to the change of the snapshot's labels without an error, and did not change them.",
)
export class LeaseUnchangedError extends MutationError {
  constructor() {
    super("CloudTower responded without an error, but did not change the snapshot's labels. The lease is as it was.");
  }
}

@mutationError("LEASE_OF_ANOTHER_OWNER", "The snapshot has a lease of another owner. Nothing was changed.")
export class LeaseOfAnotherOwnerError extends MutationError {
  @Field(() => [String], { description: "The owners that its labels name." })
  readonly owners: readonly string[];

  constructor(owners: readonly string[]) {
    super(
      `The snapshot has a lease of ${owners.map((owner) => JSON.stringify(owner)).join(", ")}. Release that first.`,
    );
    this.owners = owners;
  }
}

@mutationError("SNAPSHOT_NOT_LEASED", "The snapshot has no lease that could be renewed. Nothing was changed.")
export class SnapshotNotLeasedError extends MutationError {
  constructor() {
    super("The snapshot has no lease. Leases are given when a snapshot is created, with `lease`.");
  }
}
