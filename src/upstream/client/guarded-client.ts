import type { CancelSignal } from "../../kernel/cancellation.js";
import { DeadlinePassed } from "../../kernel/deadline.js";
import { asError } from "../../kernel/errors.js";
import type { CallOutcome, CircuitState, UpstreamObserver, UpstreamProblem } from "../observer.js";
import { UpstreamError } from "../upstream-error.js";
import { CircuitBreaker, type CircuitUpstream, circuitOpenError } from "./circuit-breaker.js";
import { FairSemaphore, type SemaphoreLimits } from "./fair-semaphore.js";
import { isOfCloudTower, NOT_CLOUDTOWER, unreachableReason, WRONG_PATH } from "./unreachable.js";
import type { UpstreamCall, UpstreamCaller, UpstreamClient } from "./upstream-client.js";

/** A call cut off by a deadline counts as a fault of CloudTower if CloudTower had been silent for at least this long. */
const SILENCE_IS_FAULT_MS = 2_000;
/** Without a token, every version of CloudTower refuses it. */
const CALL_OF_ALL_VERSIONS = { endpoint: "get-clusters", body: JSON.stringify({ first: 1 }) };

/**
 * The client with its guards: a circuit breaker that fails fast while CloudTower is not responding, and a bound on the calls in
 * flight. Both are shared by the process and ignore what a call means.
 */
export class GuardedClient implements UpstreamCaller {
  private readonly semaphore: FairSemaphore;
  private readonly circuit: CircuitBreaker;
  /** What the last ping failed with, or found in CloudTower's place. */
  private pingFailure: unknown;

  constructor(
    private readonly client: UpstreamClient,
    limits: SemaphoreLimits,
    private readonly observer: UpstreamObserver,
  ) {
    this.semaphore = new FairSemaphore(limits);
    const upstream: CircuitUpstream = {
      ping: (signal) => this.ping(signal),
      get lastResponseAt() {
        return client.lastResponseAt;
      },
    };
    this.circuit = new CircuitBreaker(upstream, (state) => {
      if (state === "open") this.semaphore.rejectAll(circuitOpenError({ transient: false }));
      observer.circuitChanged(state);
    });
  }

  /** Clients' calls in flight and waiting for a permit, and the circuit. */
  get state(): { readonly inFlight: number; readonly queued: number; readonly circuit: CircuitState } {
    return { inFlight: this.semaphore.held, queued: this.semaphore.queued, circuit: this.circuit.state };
  }

  /**
   * Sends one call, as `UpstreamClient.call` does.
   *
   * @throws UpstreamError also UPSTREAM_UNAVAILABLE while the circuit is open.
   * @throws TowerError RATE_LIMITED if the queue is full.
   */
  call(call: UpstreamCall, token?: string): Promise<unknown> {
    return this.circuit.run(() => this.send(call, token), call.intent !== "write");
  }

  /**
   * Why calls cannot reach CloudTower, as a ping finds it before the signal aborts; undefined if they can. A refusal counts as a response,
   * but not a page of something else that has its address.
   */
  async problem(signal: CancelSignal): Promise<UpstreamProblem | undefined> {
    if (!(await this.circuit.responds(signal))) {
      return { reason: unreachableReason(this.pingFailure), cause: this.pingFailure };
    }
    if (isOfCloudTower(this.pingFailure)) return undefined;
    // This version may have no get-version, and a proxy's page in its place.
    const cause = await this.failureOf({ ...CALL_OF_ALL_VERSIONS, signal });
    if (isOfCloudTower(cause)) return undefined;
    const isElsewhere =
      !this.client.isAtUsualPath &&
      isOfCloudTower(await this.failureOf({ ...CALL_OF_ALL_VERSIONS, api: "usual-path", signal }));
    return { reason: isElsewhere ? WRONG_PATH : NOT_CLOUDTOWER, cause };
  }

  /** The error of a call that must fail without a credential; if it does not, the response. */
  private failureOf(call: UpstreamCall): Promise<unknown> {
    return this.client.call(call).catch((error: unknown) => error);
  }

  /** Closes the connections; calls in flight fail. */
  close(): Promise<void> {
    this.circuit.dispose();
    return this.client.close();
  }

  /** Requests CloudTower's version, bypassing the guards. The endpoint need not exist: a refusal is a response. */
  private async ping(signal: CancelSignal): Promise<void> {
    try {
      const version = await this.client.call({ method: "GET", endpoint: "get-version", signal });
      this.pingFailure = typeof version === "string" ? undefined : new Error("The response to get-version is no text.");
    } catch (error) {
      this.pingFailure = error;
      if (!(error instanceof UpstreamError) || error.failure.fault) throw error;
    }
  }

  private async send(call: UpstreamCall, token: string | undefined): Promise<unknown> {
    const queuedAt = performance.now();
    const { owner } = call;
    let holdsPermit = false;
    let sentAt: number | undefined;
    let outcome: CallOutcome = 200;
    const span = call.trace?.begin("call", `CloudTower ${call.endpoint}`, {
      "towerql.upstream_endpoint": call.endpoint,
    });
    try {
      if (owner !== undefined) {
        const permit = this.semaphore.acquire(owner, call.signal);
        if (permit !== undefined) await permit;
        holdsPermit = true;
      }
      // The signal cannot stop a write once it is sent: this is the last moment.
      if (call.signal?.aborted) throw call.signal.reason;
      sentAt = performance.now();
      return await this.client.call(span === undefined ? call : { ...call, traceparent: span.traceparent }, token);
    } catch (thrown) {
      const error = asError(thrown);
      outcome = outcomeOf(error, sentAt !== undefined);
      if (!(error instanceof DeadlinePassed) || sentAt === undefined) throw error;
      throw performance.now() - sentAt < SILENCE_IS_FAULT_MS ? error : asFault(call, error);
    } finally {
      const { endpoint } = call;
      const now = performance.now();
      const queuedMs = (sentAt ?? now) - queuedAt;
      const milliseconds = now - (sentAt ?? now);
      if (owner !== undefined && holdsPermit) {
        this.semaphore.release(owner, outcome === 200 ? { kind: endpoint, milliseconds } : undefined);
      }
      this.observer.callEnded({ endpoint, outcome, queuedMs, milliseconds });
      const isFailed = outcome !== 200 && outcome !== "cancelled";
      span?.end({ "towerql.outcome": String(outcome), "towerql.queued_ms": Math.round(queuedMs) }, isFailed);
    }
  }
}

function outcomeOf(error: Error, wasSent: boolean): CallOutcome {
  if (!wasSent) return "refused";
  if (error instanceof UpstreamError) return error.failure.status ?? "unanswered";
  return "cancelled";
}

/** Keeps the deadline's code and message for the client, but counts as a fault for the circuit. */
function asFault({ endpoint }: UpstreamCall, { code, message }: DeadlinePassed): UpstreamError {
  return new UpstreamError(endpoint, { code, message, effect: "unknown", transient: false, fault: true });
}
