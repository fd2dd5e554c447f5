import type { CancelSignal } from "../kernel/cancellation.js";
import { DeadlinePassed } from "../kernel/deadline.js";
import { asError } from "../kernel/errors.js";
import { Circuit, type CircuitState, notAnswering } from "./circuit.js";
import type { UpstreamCall, UpstreamCaller, UpstreamClient } from "./client.js";
import type { CallOutcome, UpstreamObserver } from "./observer.js";
import { type SlotLimits, Slots } from "./slots.js";
import { failureOfTransport, UpstreamError } from "./upstream-error.js";

/** A call that a deadline cut off counts as a fault of CloudTower when it had been silent for so long. */
const SILENT_MS = 2_000;

/**
 * The client behind its guards: a circuit that fails fast while CloudTower does not answer, and a bound on the calls under way. Both
 * are the process's; neither looks at meanings.
 */
export class GuardedClient implements UpstreamCaller {
  private readonly slots: Slots;
  private readonly circuit: Circuit;

  constructor(
    private readonly client: UpstreamClient,
    limits: SlotLimits,
    private readonly observer: UpstreamObserver,
  ) {
    this.slots = new Slots(limits);
    this.circuit = new Circuit(
      (signal) => this.ping(signal),
      (state) => {
        if (state === "open") this.slots.sendAway(notAnswering(false));
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
      await this.client.call({ method: "GET", operation: "get-version", signal });
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
      const turn = this.slots.take(call.owner ?? "", call.signal);
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
      if (held) this.slots.giveBack();
      const { operation, requestId } = call;
      const now = performance.now();
      const queuedMs = (sent ?? now) - asked;
      const milliseconds = now - (sent ?? now);
      this.observer.callEnded({ operation, requestId, outcome, startedAt, queuedMs, milliseconds });
    }
  }
}

function outcomeOf(error: Error, wasSent: boolean): CallOutcome {
  if (!wasSent) return "refused";
  if (error instanceof UpstreamError) return error.failure.status ?? "unanswered";
  return "cancelled";
}

/** Still what the deadline says to the client, but marked as a fault for the circuit. */
function silent({ operation }: UpstreamCall, passed: DeadlinePassed): UpstreamError {
  const { code, message } = passed;
  return new UpstreamError(operation, { code, message, effect: "unknown", transient: false, fault: true });
}
