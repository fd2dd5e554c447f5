import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleType,
  CircuitState as PolicyState,
} from "cockatiel";
import { wait } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal } from "../../kernel/cancellation.js";
import { asError, ErrorCode } from "../../kernel/errors.js";
import type { CircuitState } from "../observer.js";
import { UpstreamError, type UpstreamFailure } from "../upstream-error.js";

/** So many faults in a row, with no answer between, open the circuit. */
const FAULTS_TO_OPEN = 20;
/** How long it stays open before a call may try again. */
const REST_MS = 1_500;
/** How long that call has to get an answer. */
const PROBE_MS = 2_500;

/**
 * Spares a CloudTower that does not answer, and its callers the waiting.
 *
 * Faults are lost connections, time-outs and the 502, 503 and 504 of a proxy; every other answer is a sign of life, a refusal too. A
 * call that began before the circuit last changed has no vote, so that the late time-outs of an outage do not open it again.
 */
export class CircuitBreaker {
  private readonly policy: CircuitBreakerPolicy;
  private generation = 0;
  private probes = 0;
  private restUntil = 0;

  constructor(
    /** A call that anybody may make: resolves where CloudTower answers. */
    private readonly ping: (signal: CancelSignal) => Promise<void>,
    private readonly changed: (state: CircuitState) => void,
  ) {
    this.policy = circuitBreaker(handleType(Outage), {
      breaker: new ConsecutiveBreaker(FAULTS_TO_OPEN),
      halfOpenAfter: REST_MS,
    });
    this.policy.onStateChange((state) => {
      this.generation += 1;
      if (state === PolicyState.Open) this.restUntil = Date.now() + REST_MS;
      this.changed(nameOf(state));
    });
  }

  get state(): CircuitState {
    return nameOf(this.policy.state);
  }

  /**
   * Does the work, or refuses it at once while CloudTower does not answer.
   *
   * After a rest the circuit finds out whether CloudTower is back: in turns with a ping, and with the next `mayProbe` work itself, in
   * case only one of them is answered.
   */
  async run<T>(work: () => Promise<T>, mayProbe: boolean): Promise<T> {
    if (this.policy.state === PolicyState.Closed) return this.record(work, this.generation);
    if (this.policy.state === PolicyState.HalfOpen) throw notAnswering(true);
    if (Date.now() < this.restUntil) throw notAnswering(false);
    this.probes += 1;
    if (mayProbe && this.probes % 2 === 0) return this.record(() => limited(work()), undefined);
    void this.record(() => limited(this.ping(AbortSignal.timeout(PROBE_MS))), undefined).catch(() => {});
    throw notAnswering(true);
  }

  /** `began` is the number of changes when the work began; undefined for a probe, of which only an answer counts as good. */
  private async record<T>(work: () => Promise<T>, began: number | undefined): Promise<T> {
    try {
      const outcome = await this.policy.execute(async () => {
        try {
          return { value: await work() };
        } catch (thrown) {
          const error = asError(thrown);
          if (isAnswer(error)) return { error };
          if (began === undefined || (began === this.generation && isFault(error))) throw new Outage(error);
          throw error;
        }
      });
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    } catch (error) {
      if (error instanceof Outage) throw error.cause;
      throw error instanceof BrokenCircuitError ? notAnswering(true) : error;
    }
  }
}

/** What callers see while the circuit is not closed; `soon` where a repeat in a moment may well succeed. */
export function notAnswering(soon: boolean): UpstreamError {
  const error = new UpstreamError("none", {
    code: ErrorCode.UpstreamUnavailable,
    message: "CloudTower does not answer at present; it is tried again every few seconds",
    effect: "none",
    transient: soon,
  });
  // The log has a line for the circuit; one for each refused call would only hide it.
  error.logged = true;
  return error;
}

/** Carries a vote through the policy. */
class Outage extends Error {
  constructor(override readonly cause: Error) {
    super("outage", { cause });
  }
}

function isFault(error: Error): boolean {
  return error instanceof UpstreamError && error.failure.fault === true;
}

function isAnswer(error: Error): boolean {
  return error instanceof UpstreamError && error.failure.fault !== true && error.failure.status !== undefined;
}

async function limited<T>(work: Promise<T>): Promise<T> {
  const done = new Cancellation();
  const failure: UpstreamFailure = {
    code: ErrorCode.UpstreamTimeout,
    message: "CloudTower did not answer in time",
    effect: "unknown",
    transient: false,
    fault: true,
  };
  const tooLate = wait(PROBE_MS, done).then(() => {
    throw new UpstreamError("none", failure);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    tooLate.catch(() => {});
    done.abort(undefined);
  }
}

function nameOf(state: PolicyState): CircuitState {
  if (state === PolicyState.Closed) return "closed";
  return state === PolicyState.HalfOpen ? "half-open" : "open";
}
