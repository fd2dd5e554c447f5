import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { MutationError } from "./mutation-errors.js";
import {
  CoordinationUnavailableError,
  type ResourceLockedError,
  UpstreamFailedError,
  WriteNotSentError,
  WriteOutcomeUnknownError,
  WriteQueuedError,
} from "./write-errors.js";
import type { WriteKind } from "./write-kind.js";

/** What is known of an item while its call is under way. */
type State<O> =
  /** It waits for its turn. */
  | { readonly is: "queued" }
  /** It was not sent, because its result was no longer wanted. */
  | { readonly is: "dropped" }
  /** It has just arrived, is looked at, or on its way out. */
  | { readonly is: "unsent" }
  /** It has left, and stays in doubt until then, on the clock of `performance.now()`. */
  | { readonly is: "sent"; readonly doubtUntil: number }
  | { readonly is: "locked"; readonly error: ResourceLockedError }
  /** Nothing was written: this error came first. */
  | { readonly is: "failed"; readonly error: unknown }
  | { readonly is: "settled"; readonly outcome: O };

/** What one call knows of its items: it can be told at any time, whatever happens after that. */
export class WriteLedger<I, O> {
  private readonly states = new Map<string, State<O>>();
  private readonly waiting = new Set<{ readonly items: readonly I[]; readonly resolve: () => void }>();

  constructor(
    private readonly items: readonly I[],
    private readonly kind: Pick<WriteKind<I, O>, "key" | "target" | "failed">,
  ) {
    for (const item of items) this.states.set(kind.key(item), { is: "unsent" });
  }

  queued(items: readonly I[]): void {
    for (const item of items) if (this.stateOf(item).is !== "locked") this.change(item, { is: "queued" });
  }

  unsent(items: readonly I[]): void {
    for (const item of items) this.change(item, { is: "unsent" });
  }

  sent(items: readonly I[], doubtUntil: number): void {
    for (const item of items) this.change(item, { is: "sent", doubtUntil });
  }

  locked(item: I, error: ResourceLockedError): void {
    this.change(item, { is: "locked", error });
  }

  settled(item: I, outcome: O): void {
    this.change(item, { is: "settled", outcome });
  }

  /** The items have this error, which proves that nothing was written. */
  refused(items: readonly I[], error: MutationError): void {
    for (const item of items) this.settled(item, this.kind.failed(item, error));
  }

  /** Nothing was written: the outcome is this error of CloudTower or of the gateway. */
  failed(items: readonly I[], error: unknown): void {
    for (const item of items) this.fail(item, error);
  }

  /** Those of the items whose last attempt ended at a lock. */
  lockedOf(items: readonly I[]): { readonly item: I; readonly error: ResourceLockedError }[] {
    return items.flatMap((item) => {
      const state = this.stateOf(item);
      return state.is === "locked" ? [{ item, error: state.error }] : [];
    });
  }

  /**
   * The attempt at the items is over: what has left and is not settled is unknown, and the rest was not sent.
   *
   * @param error why not; absent if the result is no longer wanted.
   */
  close(items: readonly I[], error?: unknown): void {
    for (const item of items) {
      const state = this.stateOf(item);
      if (state.is === "sent") this.refused([item], new WriteOutcomeUnknownError(state.doubtUntil - performance.now()));
      else if (state.is === "unsent" && error === undefined) this.change(item, { is: "dropped" });
      else if (state.is === "unsent") this.fail(item, error);
    }
  }

  /** Those of the items that have not left and whose attempt has not ended. */
  unsentOf(items: readonly I[]): I[] {
    return items.filter((item) => this.stateOf(item).is === "unsent");
  }

  /** Those of the items that have left and of which nothing more is known. */
  sentOf(items: readonly I[]): I[] {
    return items.filter((item) => this.stateOf(item).is === "sent");
  }

  /** Those of the items that wait for their turns. */
  queuedOf(items: readonly I[]): I[] {
    return items.filter((item) => this.stateOf(item).is === "queued");
  }

  /** Resolves when the attempt at each of the items has ended. */
  ended(items: readonly I[]): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add({ items, resolve });
      this.notify();
    });
  }

  /**
   * Outcome of each item, by key, as far as it is known now.
   *
   * @param stopping the error of items that were not sent, if the gateway is stopping.
   * @throws the first item's error if nothing was written and all items have failed before they were sent.
   */
  outcomes(stopping?: MutationError): Map<string, O> {
    const [first] = this.items;
    const state = first === undefined ? undefined : this.stateOf(first);
    if (
      state?.is === "failed" &&
      stopping === undefined &&
      this.items.every((item) => this.stateOf(item).is === "failed")
    ) {
      throw state.error;
    }
    return new Map(this.items.map((item) => [this.kind.key(item), this.outcomeOf(item, stopping)]));
  }

  private fail(item: I, error: unknown): void {
    if (error instanceof TowerError && error.code === ErrorCode.CoordinationUnavailable) {
      this.refused([item], new CoordinationUnavailableError(error.message));
    } else this.change(item, { is: "failed", error });
  }

  private outcomeOf(item: I, stopping: MutationError | undefined): O {
    const state = this.stateOf(item);
    const failed = (error: MutationError) => this.kind.failed(item, error);
    switch (state.is) {
      case "settled":
        return state.outcome;
      case "sent":
        return failed(new WriteOutcomeUnknownError(state.doubtUntil - performance.now()));
      case "locked":
        return failed(stopping ?? state.error);
      case "queued":
        return failed(stopping ?? new WriteQueuedError(this.kind.target(item)));
      case "unsent":
      case "dropped":
        return failed(stopping ?? new WriteNotSentError());
      case "failed":
        return failed(stopping ?? new UpstreamFailedError(reasonOf(state.error)));
      default:
        return state satisfies never;
    }
  }

  private stateOf(item: I): State<O> {
    return this.states.get(this.kind.key(item)) ?? { is: "unsent" };
  }

  private change(item: I, state: State<O>): void {
    this.states.set(this.kind.key(item), state);
    this.notify();
  }

  private notify(): void {
    for (const waiter of [...this.waiting]) {
      if (waiter.items.some((item) => this.isUnderWay(item))) continue;
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }

  private isUnderWay(item: I): boolean {
    const { is } = this.stateOf(item);
    return is === "queued" || is === "unsent" || is === "sent";
  }
}

/** Only messages made for clients are shown. */
function reasonOf(error: unknown): string {
  return error instanceof TowerError ? error.message : "the gateway failed before it sent the write.";
}
