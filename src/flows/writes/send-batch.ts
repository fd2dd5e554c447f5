import { UpstreamError } from "../../upstream/upstream-error.js";
import {
  type LockedResource,
  type MutationError,
  UpstreamFailedError,
  WriteOutcomeUnknownError,
} from "./mutation-errors.js";
import { refusalOf } from "./refusals.js";
import { lockedErrors, lockedResources } from "./resource-locks.js";
import { type Observation, verifyWrite } from "./verify-write.js";
import type { OpenWrite, UnresolvedWrites } from "./vm-write-queue.js";
import type { WriteResponse } from "./write-calls.js";

/** Maximum sends of an item, including the first. A resend requires proof that the first had no effect. */
const MAX_SENDS = 2;

/** A write of one kind on many items. `E` is evidence that an item was written, `O` the outcome of an item. */
export interface Batch<I, E, O> {
  readonly items: readonly I[];
  /** Identifies an item among outcomes and observations. */
  key(item: I): string;
  /** Ids that a lock on the item may name: of its VM, of itself. Volumes are matched by VM. */
  lockTargets(item: I): readonly string[];
  /** Outcomes by key. Each item gets one; others stay as they are. */
  readonly outcomes: Map<string, O>;
  /** Sends the write once. */
  send(items: readonly [I, ...I[]]): Promise<readonly WriteResponse[]>;
  /** Looks for the effect on each of the items. */
  observe(items: readonly I[]): Promise<Observation<E>>;
  /** Outcomes of a response, by key. An item without one counts as unknown. */
  accepted(items: readonly I[], responses: readonly WriteResponse[]): Promise<ReadonlyMap<string, O>>;
  /** Outcomes of effects that were found, by key. `created`: whether this call made them. */
  existing(found: ReadonlyMap<string, E>, created: boolean): Promise<ReadonlyMap<string, O>>;
  /** Outcome of an item that was not written, or of which that is unknown. */
  failed(item: I, error: MutationError): O;
  /**
   * Remembers the items whose outcome is unknown: the next call verifies them before it sends them again. Omit if repeating the
   * write has no second effect, or if a repeat is a new write.
   */
  readonly unresolved?: UnresolvedWrites;
}

/**
 * Sends one upstream call for all items and gives each an outcome; an item that cannot be written does not affect the others.
 *
 * An item is sent again only if CloudTower refused it, or after proof that the earlier send did not write it.
 *
 * @throws UpstreamError if nothing was written and no outcome is known yet.
 */
export function sendBatch<I, E, O>(write: OpenWrite, batch: Batch<I, E, O>): Promise<void> {
  return new BatchSender(write, batch).start();
}

class BatchSender<I, E, O> {
  constructor(
    private readonly write: OpenWrite,
    private readonly batch: Batch<I, E, O>,
  ) {}

  async start(): Promise<void> {
    const { items, unresolved } = this.batch;
    const unproven = items.filter((item) => unresolved?.has(this.batch.key(item)));
    const proven = items.filter((item) => !unproven.includes(item));
    const absent = unproven.length === 0 ? [] : await this.verify(unproven, false);
    await this.send([...proven, ...absent], 1);
  }

  /** @param attempt number of sends of the items, with this one. Sends that were refused do not count: their effect is known. */
  private async send(items: readonly I[], attempt: number): Promise<void> {
    const [first, ...rest] = items;
    if (first === undefined) return;
    this.write.assertWanted();
    let responses: readonly WriteResponse[];
    try {
      responses = await this.batch.send([first, ...rest]);
    } catch (error) {
      if (error instanceof UpstreamError) return this.afterFailure(items, error, attempt);
      throw error;
    }
    await this.recordAccepted(items, responses);
  }

  private async afterFailure(items: readonly I[], error: UpstreamError, attempt: number): Promise<void> {
    const { failure } = error;
    const locked = lockedResources(failure);
    if (locked !== undefined) return this.afterLock(items, locked, attempt);
    const refusal = refusalOf(failure);
    if (refusal !== undefined) {
      // A missing permission is the caller's, not an item's.
      if (items.length === 1 || failure.status === 403) return this.recordFailed(items, refusal);
      return this.bisect(items, attempt);
    }
    const failed = new UpstreamFailedError(failure.message);
    if (failure.effect === "none") {
      if (this.batch.outcomes.size === 0) throw error;
      return this.recordFailed(items, failed);
    }
    const absent = await this.verify(items, true);
    if (attempt < MAX_SENDS) return this.send(absent, attempt + 1);
    this.recordFailed(absent, failed);
  }

  private async afterLock(items: readonly I[], locked: readonly LockedResource[], attempt: number): Promise<void> {
    const { session } = this.write;
    const errors = await lockedErrors({ session, locked, items, targetsOf: this.batch.lockTargets });
    if (errors.size === 0) return this.bisect(items, attempt);
    for (const [item, error] of errors) this.recordFailed([item], error);
    const rest = items.filter((item) => !errors.has(item));
    return this.send(rest, attempt);
  }

  /** Finds the items that CloudTower refuses, and writes the others. */
  private async bisect(items: readonly I[], attempt: number): Promise<void> {
    // CloudTower may have acted before it refused: nothing that is there is sent again, and nothing unseen is sent.
    const observation = await this.batch.observe(items).catch(() => undefined);
    if (observation === undefined) return this.recordUnknown(items);
    await this.recordExisting(observation.found, true);
    const absent = items.filter((item) => !observation.found.has(this.batch.key(item)));
    const middle = Math.ceil(absent.length / 2);
    await this.send(absent.slice(0, middle), attempt);
    await this.send(absent.slice(middle), attempt);
  }

  /**
   * Looks for items that an earlier send may have written.
   *
   * @param ours whether this call sent them.
   * @returns the items that are proven not to be written.
   */
  private async verify(items: readonly I[], ours: boolean): Promise<readonly I[]> {
    const { batch } = this;
    const { found, conclusive } = await verifyWrite(this.write, items.length, () => batch.observe(items));
    await this.recordExisting(found, ours);
    const absent = items.filter((item) => !found.has(batch.key(item)));
    if (!conclusive) {
      this.recordUnknown(absent);
      return [];
    }
    for (const item of absent) batch.unresolved?.delete(batch.key(item));
    return absent;
  }

  private async recordAccepted(items: readonly I[], responses: readonly WriteResponse[]): Promise<void> {
    const outcomes = await this.batch.accepted(items, responses);
    this.record(outcomes);
    this.recordUnknown(items.filter((item) => !outcomes.has(this.batch.key(item))));
  }

  private async recordExisting(found: ReadonlyMap<string, E>, created: boolean): Promise<void> {
    this.record(await this.batch.existing(found, created));
  }

  private record(outcomes: ReadonlyMap<string, O>): void {
    for (const [key, outcome] of outcomes) {
      this.batch.unresolved?.delete(key);
      this.batch.outcomes.set(key, outcome);
    }
  }

  private recordUnknown(items: readonly I[]): void {
    for (const item of items) this.batch.unresolved?.add(this.batch.key(item));
    this.recordFailed(items, new WriteOutcomeUnknownError());
  }

  private recordFailed(items: readonly I[], error: MutationError): void {
    for (const item of items) this.batch.outcomes.set(this.batch.key(item), this.batch.failed(item, error));
  }
}
