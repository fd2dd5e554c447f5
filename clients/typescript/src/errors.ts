/** An error in a GraphQL response. */
export interface GraphQLProblem {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly requestId?: string; readonly [name: string]: unknown };
}

/** An expected failure of a mutation, as the gateway's schema describes it: `MutationError`. */
export interface MutationProblem {
  /** Such as `VM_NOT_FOUND`; docs/errors.md lists them. */
  readonly code: string;
  readonly message: string;
}

/** A part of a snapshot that is not usable: `VmSnapshotNotReadyReason`. */
export interface NotReadyReason {
  readonly code: string;
  readonly message: string;
  readonly diskIndex: number | null;
}

/** All errors that this package throws, apart from the reason of an aborted `signal`. Tell them apart by `kind`. */
export type TowerQLError =
  | UnreachableError
  | HttpError
  | GraphQLFailure
  | RefusedError
  | OutcomeUnknownError
  | NotReadyError
  | CursorExpiredError;

/** Whether something that was caught is an error of this package. */
export function isTowerQLError(error: unknown): error is TowerQLError {
  return error instanceof Failure;
}

abstract class Failure extends Error {
  abstract readonly kind: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The gateway, or CloudTower behind it, could not be reached as long as the client's patience lasted. For a mutation: nothing was written. */
export class UnreachableError extends Failure {
  readonly kind = "UNREACHABLE";
}

/** Something answered that is no TowerQL, or refused the request before it was executed. A repetition does not help. */
export class HttpError extends Failure {
  readonly kind = "HTTP";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The response has errors. */
export class GraphQLFailure extends Failure {
  readonly kind = "GRAPHQL";
  /** Code of the first error, such as `BAD_USER_INPUT`. */
  readonly code: string | undefined;
  /** What the gateway's operator finds the request by. */
  readonly requestId: string | undefined;

  constructor(
    readonly errors: readonly GraphQLProblem[],
    /** What could be resolved nevertheless; null or undefined if nothing could. */
    readonly data: unknown,
  ) {
    super(errors.map(({ message }) => message).join("\n"));
    this.code = errors[0]?.extensions?.code;
    this.requestId = errors[0]?.extensions?.requestId;
  }
}

/** A mutation was refused; nothing was written by any attempt, and a repetition does not help, or the VM was locked as long as the client's patience lasted (RESOURCE_LOCKED, WRITE_QUEUED). With the code LEASE_NOT_SET the snapshot exists, without its lease. */
export class RefusedError extends Failure {
  readonly kind = "REFUSED";
  /** Code of the first problem. */
  readonly code: string;

  constructor(readonly problems: readonly MutationProblem[]) {
    super(problems.map(({ message }) => message).join("\n"));
    this.code = problems[0]?.code ?? "UNKNOWN";
  }
}

/**
 * A write may have been done, and could not be found as long as the client's patience lasted, or a repetition was refused (`cause`). The same
 * call with the same name is safe to repeat.
 */
export class OutcomeUnknownError extends Failure {
  readonly kind = "OUTCOME_UNKNOWN";
  /** The snapshot that may exist; undefined if the write was another one. */
  readonly mayExist: { readonly vmId: string; readonly name: string } | undefined;

  constructor(
    message: string,
    { mayExist, ...options }: ErrorOptions & Partial<Pick<OutcomeUnknownError, "mayExist">> = {},
  ) {
    super(message, options);
    this.mayExist = mayExist;
  }
}

/** A snapshot failed, is gone, or did not become usable in time. */
export class NotReadyError extends Failure {
  readonly kind = "NOT_READY";

  constructor(
    readonly snapshotId: string,
    readonly reasons: readonly NotReadyReason[],
    /** The same as errors, and what else ended the wait, such as `INVALID_ID`. */
    readonly problems: readonly MutationProblem[],
  ) {
    super([...problems, ...reasons].map(({ message }) => message).join("\n") || `${snapshotId} is not usable.`);
  }
}

/** CloudTower no longer shows what happened since the cursor: read the state anew, and go on from `oldest`. */
export class CursorExpiredError extends Failure {
  readonly kind = "CURSOR_EXPIRED";

  constructor(
    message: string,
    /** A cursor from which the feed can go on; what happened before it is lost to this client. */
    readonly oldest: string,
  ) {
    super(message);
  }
}
