import type { Logger } from "pino";
import { backoffMs } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { asError, ErrorCode, TowerError } from "../../kernel/errors.js";
import type { WebhookDefinition } from "../definition/webhook-definition.js";
import { CursorExpiredError, type EventSource, StreamLaggedError, type WebhookEvent } from "../event-source.js";
import type { DeadLetterKind, Delivery, StateChange, WebhookState } from "../store/webhook-state.js";
import { StateTakenError, type WebhookStore } from "../store/webhook-store.js";
import { attemptDelivery, type Send, type WebhookObserver } from "./attempt.js";
import type { Clock } from "./clock.js";
import { retryPauseMs } from "./retry-schedule.js";
import { StateRecorder } from "./state-recorder.js";

/** What the workers of all webhooks share. */
export interface WorkerParts {
  readonly store: WebhookStore;
  readonly clock: Clock;
  readonly observer: WebhookObserver;
  readonly logger: Logger;
  readonly send: Send;
}

/** Pauses after a feed could not be read, or a state not be written. */
const RECOVERY = { firstMs: 2_000, maxMs: 60_000 };

/** The receiver is gone for good. */
const GONE = 410;

/**
 * Delivers the events of one webhook, one after the other, from its stored cursor on.
 *
 * An event is settled when it was acknowledged or given up; only then, and after that is stored, the next one is sent. What fails is
 * retried, and the later events wait: in the feed, not here. Lives until its webhook is removed, changed, or the gateway stops.
 */
export class DeliveryWorker {
  /** Ends the current stream and every wait, so that the loop looks at the state again. */
  private round = new Cancellation();
  /** Ends the attempt in flight. */
  private readonly lastResort = new Cancellation();
  private readonly requests: (() => Promise<void>)[] = [];
  private isStopping = false;
  private hasLostState = false;
  private running: Promise<void> | undefined;
  private readonly recorder: StateRecorder;
  /** Failures of the feed or the store since the last success. */
  private failures = 0;
  private feedProblem: string | undefined;
  /** The event that is being delivered, since when it waits. */
  private waitingSince: number | undefined;
  /** Whether every event that the feed has given is settled, and the feed is being read. */
  private isCaughtUp = false;

  constructor(
    readonly definition: WebhookDefinition,
    private readonly source: EventSource,
    private current: WebhookState,
    private readonly parts: WorkerParts,
  ) {
    this.recorder = new StateRecorder(definition.name, { ...parts, signal: this.lastResort });
  }

  get state(): WebhookState {
    return this.current;
  }

  /**
   * Age of the oldest event that is not settled, in seconds; 0 if there is none. While the feed is not being read, that is the time since
   * the last cursor: no such event can be older.
   */
  get lagSeconds(): number {
    const since = this.waitingSince ?? (this.isCaughtUp ? undefined : this.current.cursorAt || undefined);
    return since === undefined ? 0 : Math.max(0, (this.parts.clock.now() - since) / 1000);
  }

  /** Why nothing is delivered at all, such as a feed that cannot be read; undefined if nothing but a receiver stands in the way. */
  get problem(): string | undefined {
    return this.recorder.problem ?? this.feedProblem;
  }

  /** Whether another process uses the state now, so that this one delivers nothing more. */
  get isOver(): boolean {
    return this.hasLostState;
  }

  /** Begins to deliver. Call it once. */
  start(): void {
    const { feed = this.source.feed } = this.current;
    if (feed !== this.source.feed) {
      const line = { webhook: this.definition.name, from: feed, to: this.source.feed };
      this.parts.logger.warn(line, "webhook begins with new events: its document follows another feed");
    }
    this.running = this.run();
  }

  /** Stops after the attempt in flight, or after the time: then that event is sent again after the next start. Safe to call twice. */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    this.round.abort(STOPPED);
    const timer = setTimeout(() => this.lastResort.abort(STOPPED), graceMs);
    await this.running?.finally(() => clearTimeout(timer));
  }

  /** @throws the feed's error for a cursor that cannot be used. */
  async checkCursor(cursor: string, signal: CancelSignal): Promise<void> {
    for await (const _ of this.source.open(cursor, signal)) break;
  }

  /** Delivers again what came after a cursor, under the same ids. Resolves when that is stored. */
  replay(cursor: string): Promise<void> {
    return this.request(() => this.record({ type: "restarted", ...this.position(cursor) }));
  }

  /** Switches the webhook on, or has it retry immediately. Resolves when that is stored. */
  enable(): Promise<void> {
    return this.request(() => this.record({ type: "switched", enabled: true }));
  }

  /** Interrupts the loop for a change of the state, which must not change while an event is being settled. */
  private request(change: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.requests.push(() => change().then(resolve, reject));
      if (this.isStopping || this.hasLostState) reject(STOPPED);
      this.round.abort(RESTARTED);
    });
  }

  private async run(): Promise<void> {
    while (!this.isStopping && !this.hasLostState) {
      this.round = new Cancellation();
      for (let request = this.requests.shift(); request !== undefined; request = this.requests.shift()) await request();
      try {
        if (this.current.enabled) await this.follow(this.round);
        else await aborted(this.round);
      } catch (error) {
        if (!this.round.aborted) await this.recover(asError(error)).catch(() => {});
      }
      this.isCaughtUp = false;
      this.waitingSince = undefined;
    }
    for (const request of this.requests.splice(0)) await request();
  }

  /** Delivers until the stream ends. */
  private async follow(round: CancelSignal): Promise<void> {
    const { feed } = this.source;
    // The cursor of another feed says nothing about this one.
    const after = this.current.feed === feed ? this.current.cursor : undefined;
    for await (const event of this.source.open(after, round)) {
      if (round.aborted) return;
      this.succeeded();
      if (event.isBookmark) await this.record({ type: "moved", ...this.position(event.cursor) });
      else if (!this.current.settledIds.has(event.id)) await this.deliver(event, round);
      if (round.aborted) return;
      this.waitingSince = undefined;
      this.isCaughtUp = true;
    }
    if (!round.aborted) throw new Error("The feed ended.");
  }

  /** Sends an event until it is settled, or the round ends. */
  private async deliver(event: WebhookEvent, round: CancelSignal): Promise<void> {
    const { clock, logger } = this.parts;
    const { name } = this.definition;
    const known = this.current.pending?.eventId === event.id ? this.current.pending : undefined;
    // Some feeds give the time at which they have seen an event, which is later after a restart.
    const seenAt = known?.firstAttemptAt ?? clock.now();
    this.waitingSince = Math.min(event.at ?? seenAt, seenAt);
    for (let previous = known; ; ) {
      const attempt = await attemptDelivery(event, this.definition, { ...this.parts, signal: this.lastResort });
      if (attempt === undefined) return;
      const { isSelection, ...outcome } = attempt;
      const lastAttemptAt = clock.now();
      const delivery: Delivery = {
        ...{ eventId: event.id, cursor: event.cursor, status: "PENDING", kind: null },
        attempts: (previous?.attempts ?? 0) + 1,
        firstAttemptAt: previous?.firstAttemptAt ?? lastAttemptAt,
        lastAttemptAt,
        ...outcome,
      };
      const { attempts, firstAttemptAt, httpStatus, message } = delivery;
      const line = { webhook: name, event: event.id, attempts, httpStatus, message };
      if (message === null) {
        logger.info(line, "webhook delivered");
        return this.settle({ ...delivery, status: "DELIVERED" });
      }
      if (httpStatus === GONE) {
        logger.error(line, "webhook is switched off: its receiver responded with 410 Gone");
        await this.record({ type: "failed", delivery });
        await this.record({ type: "switched", enabled: false });
        this.round.abort(RESTARTED);
        return;
      }
      const elapsedMs = lastAttemptAt - firstAttemptAt;
      const pauseMs = retryPauseMs({ attempts, elapsedMs, isSelection });
      if (pauseMs === undefined) {
        logger.error(line, "webhook gave an event up: it is a dead letter");
        return this.giveUp(delivery, isSelection ? "SELECTION_FAILED" : "EXPIRED");
      }
      logger.warn({ ...line, retrySeconds: Math.round(pauseMs / 1000) }, "webhook attempt failed");
      await this.record({ type: "failed", delivery });
      previous = delivery;
      if (round.aborted) return;
      await clock.wait(pauseMs, round);
    }
  }

  private async giveUp(delivery: Delivery, kind: DeadLetterKind): Promise<void> {
    this.parts.observer.webhookGaveUp({ webhook: this.definition.name, kind });
    await this.settle({ ...delivery, status: "DEAD_LETTER", kind });
  }

  private async settle(delivery: Delivery): Promise<void> {
    await this.record({ type: "settled", feed: this.source.feed, delivery, at: this.parts.clock.now() });
  }

  /** Prepares the next round after an error. */
  private async recover(error: Error): Promise<void> {
    // Without progress, the same would happen again immediately.
    if (error instanceof StreamLaggedError && this.isCaughtUp) return;
    const { clock, logger } = this.parts;
    const { name: webhook } = this.definition;
    if (error instanceof CursorExpiredError && error.oldest !== this.current.cursor) {
      const from = new Date(this.current.cursorAt).toISOString();
      const message = `Events from ${from} to ${error.oldestAt} were not delivered: CloudTower no longer shows them.`;
      logger.error({ webhook, from, to: error.oldestAt }, "webhook missed events: CloudTower no longer shows them");
      const now = clock.now();
      await this.giveUp(
        {
          ...{ eventId: null, cursor: error.oldest, status: "DEAD_LETTER", kind: "GAP", attempts: 0 },
          ...{ firstAttemptAt: now, lastAttemptAt: now, httpStatus: null, message },
        },
        "GAP",
      );
      return;
    }
    this.failures += 1;
    this.feedProblem = error.message;
    if (this.failures === 1) logger.warn({ webhook, reason: error.message }, "webhook cannot read its events");
    await clock.wait(backoffMs(this.failures + 1, RECOVERY), this.round);
  }

  private succeeded(): void {
    if (this.failures > 0) this.parts.logger.info({ webhook: this.definition.name }, "webhook reads its events again");
    this.failures = 0;
    this.feedProblem = undefined;
  }

  private async record(change: StateChange): Promise<void> {
    try {
      this.current = await this.recorder.record(change, () => this.isStopping);
    } catch (error) {
      if (error instanceof StateTakenError) {
        this.hasLostState = true;
        this.round.abort(RESTARTED);
      }
      throw error;
    }
  }

  private position<C extends string | undefined>(cursor: C) {
    return { feed: this.source.feed, cursor, at: this.parts.clock.now() };
  }
}

const STOPPED = new TowerError(ErrorCode.UpstreamUnavailable, "The webhook is being changed or stopped. Try again.");
const RESTARTED = new Error("The webhook begins again.");

function aborted(signal: CancelSignal): Promise<void> {
  return new Promise((resolve) => {
    onAbort(signal, resolve);
  });
}
