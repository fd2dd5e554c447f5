import type { CancelSignal } from "../../kernel/cancellation.js";
import { DeadlinePassed } from "../../kernel/deadline.js";
import { asError } from "../../kernel/errors.js";
import type { CallOutcome, CircuitState, UpstreamObserver } from "../observer.js";
import { failureOfTransport, UpstreamError } from "../upstream-error.js";
import { CircuitBreaker, notAnswering } from "./circuit-breaker.js";
import { FairSemaphore, type SemaphoreLimits } from "./fair-semaphore.js";
import type { UpstreamCall, UpstreamCaller, UpstreamClient } from "./upstream-client.js";

/** A call that a deadline cut off counts as a fault of CloudTower when it had been silent for so long. */
const SILENT_MS = 2_000;

/**
 * The client behind its guards: a circuit that fails fast while CloudTower does not answer, and a bound on the calls under way. Both
 * are the process's; neither looks at meanings.
 */
export class GuardedClient implements UpstreamCaller {
  private readonly slots: FairSemaphore;
  private readonly circuit: CircuitBreaker;

  constructor(
    private readonly client: UpstreamClient,
    limits: SemaphoreLimits,
    private readonly observer: UpstreamObserver,
  ) {
    this.slots = new FairSemaphore(limits);
    this.circuit = new CircuitBreaker(
      (signal) => this.ping(signal),
      (state) => {
        if (state === "open") this.slots.rejectAll(notAnswering(false));
        observer.circuitChanged(state);
      },
    );
  }

  /** Calls under way, calls that wait for a place, and the circuit. */
  get state(): { readonly underWay: number; readonly queued: number; readonly circuit: CircuitState } {
    return { underWay: this.slots.underWay, queued: this.slots.queued, circuit: this.circuit.state };
  }

  /** Like the client's, and throws UPSTREAM_UNAVAILABLE while the circuit is open and RATE_LIMITED where too many calls wait. */
  call(call: UpstreamCall): Promise<unknown> {
    return this.circuit.run(() => this.inTurn(call), call.intent !== "write");
  }

  /**
   * Asks for the version, past the guards. A refusal is an answer; the version need not exist.
   *
   * @throws UpstreamError or the signal's reason where nothing answers.
   */
  async ping(signal: CancelSignal): Promise<void> {
    try {
      await this.client.call({ method: "GET", endpoint: "get-version", signal });
    } catch (error) {
      if (signal.aborted) throw new UpstreamError("get-version", failureOfTransport(error));
      if (!(error instanceof UpstreamError) || error.failure.fault) throw error;
    }
  }

  /** Ends the connections; calls under way fail. */
  close(): Promise<void> {
    return this.client.close();
  }

  private async inTurn(call: UpstreamCall): Promise<unknown> {
    const startedAt = Date.now();
    const asked = performance.now();
    let held = false;
    let sent: number | undefined;
    let outcome: CallOutcome = 200;
    try {
      const turn = this.slots.acquire(call.owner ?? "", call.signal);
      if (turn !== undefined) await turn;
      held = true;
      // A write is not stopped by its signal once it is sent: this is the last moment.
      if (call.signal?.aborted) throw call.signal.reason;
      sent = performance.now();
      return await this.client.call(call);
    } catch (thrown) {
      const error = asError(thrown);
      outcome = outcomeOf(error, sent !== undefined);
      if (!(error instanceof DeadlinePassed) || sent === undefined || performance.now() - sent < SILENT_MS) throw error;
      throw silent(call, error);
    } finally {
      if (held) this.slots.release();
      const { endpoint, requestId } = call;
      const now = performance.now();
      const queuedMs = (sent ?? now) - asked;
      const milliseconds = now - (sent ?? now);
      this.observer.callEnded({ endpoint, requestId, outcome, startedAt, queuedMs, milliseconds });
    }
  }
}

function outcomeOf(error: Error, wasSent: boolean): CallOutcome {
  if (!wasSent) return "refused";
  if (error instanceof UpstreamError) return error.failure.status ?? "unanswered";
  return "cancelled";
}

/** Still what the deadline says to the client, but marked as a fault for the circuit. */
function silent({ endpoint }: UpstreamCall, passed: DeadlinePassed): UpstreamError {
  const { code, message } = passed;
  return new UpstreamError(endpoint, { code, message, effect: "unknown", transient: false, fault: true });
}
