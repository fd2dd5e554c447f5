import { CoordinationUnavailable, type Lease, type Leases } from "../../coordination/coordination.js";
import { wait } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { asError } from "../../kernel/errors.js";
import type { WebhookDefinition } from "../definition/webhook-definition.js";
import type { EventSource } from "../event-source.js";
import { FRESH_STATE, type WebhookState } from "../store/webhook-state.js";
import { DeliveryWorker, type WorkerParts } from "./delivery-worker.js";

/** What the runners of all webhooks share. */
export interface RunnerParts extends WorkerParts {
  /** Decide which replica delivers. */
  readonly leases: Leases;
}

/** A webhook as an operator sees it. */
export interface WebhookView {
  readonly definition: WebhookDefinition;
  readonly state: WebhookState;
  /** Age of the oldest event that is not settled, in seconds; 0 if there is none. */
  readonly lagSeconds: number;
  /** Why nothing is delivered at all; undefined if nothing but a receiver stands in the way. */
  readonly problem: string | undefined;
}

/** Between two looks at who delivers. */
const LOOK_MS = 1_000;
/** Bookmarks move a cursor about three times a minute, so that an older one is late. */
const USUAL_CURSOR_AGE_MS = 60_000;
/** How long the attempt in flight may take if another replica is to deliver. */
const HANDOVER_MS = 20_000;
/** How long a replica is waited for that has been asked to hand over. */
const MAX_HANDOVER_MS = 25_000;

/**
 * Delivers the events of one webhook while this replica has its lease; the other replicas wait for it. A single gateway always has it.
 *
 * Two replicas can send the same event only if the lease of the first has ended during its attempt; only one of them can record it.
 */
export class WebhookRunner {
  private current: DeliveryWorker | undefined;
  private readonly life = new Cancellation();
  /** Ends the pause until the next look. */
  private pause = new Cancellation();
  private running: Promise<void> | undefined;
  private graceMs = HANDOVER_MS;
  private problem: string | undefined;

  constructor(
    readonly definition: WebhookDefinition,
    private readonly source: EventSource,
    private readonly parts: RunnerParts,
  ) {}

  /** The worker; undefined while another replica delivers, or nobody can. */
  get worker(): DeliveryWorker | undefined {
    return this.current;
  }

  /** Begins to deliver, if no other replica does. Call it once. */
  async start(): Promise<void> {
    await new Promise<void>((looked) => {
      this.running = this.run(looked);
    });
  }

  /** What is known here, or else stored. @throws CoordinationUnavailable, or a WebhookStateError. */
  async view(): Promise<WebhookView> {
    if (this.current !== undefined) return this.current;
    const state = await this.parts.store.read(this.definition.name);
    const { definition, problem } = this;
    return { definition, state, lagSeconds: lagOf(state, this.parts.clock.now()), problem };
  }

  /** The worker, which another replica may have to hand over first. @throws CoordinationUnavailable if it does not in time. */
  async own(signal: CancelSignal): Promise<DeliveryWorker> {
    const until = performance.now() + MAX_HANDOVER_MS;
    while (this.current === undefined) {
      const { name } = this.definition;
      if (this.life.aborted || performance.now() > until) {
        const reason = this.problem ?? "Another replica delivers it and waits for a receiver.";
        throw new CoordinationUnavailable(`The webhook ${name} cannot be changed now: ${reason}`);
      }
      await this.parts.leases.request(keyOf(name));
      this.pause.abort(undefined);
      await wait(LOOK_MS / 4, signal);
    }
    return this.current;
  }

  /** Stops after the attempt in flight, or after the time: then that event is sent again. Safe to call twice. */
  async stop(graceMs: number): Promise<void> {
    this.graceMs = Math.min(this.graceMs, graceMs);
    this.life.abort(undefined);
    this.pause.abort(undefined);
    await this.current?.stop(this.graceMs);
    await this.running;
  }

  /** @param looked is called once it is known whether this replica delivers. */
  private async run(looked: () => void): Promise<void> {
    while (!this.life.aborted) {
      const lease = await this.take();
      if (lease !== undefined) await this.hold(lease, looked);
      looked();
      if (!this.life.aborted) await this.nextLook();
    }
  }

  private async take(): Promise<Lease | undefined> {
    const { leases } = this.parts;
    const key = keyOf(this.definition.name);
    try {
      const lease = (await leases.isRequested(key)) ? undefined : await leases.take(key);
      this.problem = undefined;
      return lease;
    } catch (error) {
      this.problem = asError(error).message;
      return undefined;
    }
  }

  /** Delivers until the lease has to be given up. */
  private async hold(lease: Lease, started: () => void): Promise<void> {
    const { store, logger } = this.parts;
    const { name } = this.definition;
    while (!this.life.aborted && lease.isSafe && !(await this.isRequested())) {
      try {
        const worker = new DeliveryWorker(this.definition, this.source, await store.load(name), this.parts);
        if (this.life.aborted) break;
        this.current = worker;
        this.problem = undefined;
        worker.start();
        started();
        await this.deliverOn(worker, lease);
      } catch (error) {
        if (this.problem === undefined) logger.error({ webhook: name, err: error }, "webhook's state cannot be read");
        this.problem = asError(error).message;
        started();
        await this.nextLook();
      }
    }
    lease.release();
  }

  /** Returns when the worker has stopped. */
  private async deliverOn(worker: DeliveryWorker, lease: Lease): Promise<void> {
    const mayDeliver = () => lease.isSafe && !worker.isOver;
    try {
      while (!this.life.aborted && mayDeliver() && !(await this.isRequested())) await this.nextLook();
    } finally {
      await worker.stop(mayDeliver() ? this.graceMs : 0);
      this.current = undefined;
    }
  }

  private isRequested(): Promise<boolean> {
    // Whether the lease is safe says whether Redis can be used.
    return this.parts.leases.isRequested(keyOf(this.definition.name)).catch(() => false);
  }

  private async nextLook(): Promise<void> {
    this.pause = new Cancellation();
    const stopListening = onAbort(this.life, () => this.pause.abort(undefined));
    await wait(LOOK_MS, this.pause).catch(() => {});
    stopListening();
  }
}

function keyOf(name: string): string {
  return `webhook ${name}`;
}

/** Of a webhook that another replica delivers. */
function lagOf({ pending, cursorAt }: WebhookState, now: number): number {
  const since = pending?.firstAttemptAt ?? (now - cursorAt > USUAL_CURSOR_AGE_MS ? cursorAt : now);
  return since === FRESH_STATE.cursorAt ? 0 : Math.max(0, (now - since) / 1000);
}
