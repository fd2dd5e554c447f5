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

/** Consecutive faults, with no response between them, that open the circuit. */
const FAULTS_TO_OPEN = 20;
/** How long the circuit stays open before it allows a probe. */
const COOL_DOWN_MS = 1_500;
/** Time limit of a probe. */
const PROBE_TIMEOUT_MS = 2_500;

/**
 * Circuit breaker: fails fast while CloudTower is not responding.
 *
 * Faults are lost connections, timeouts and a proxy's 502, 503 and 504; any other response is a sign of life, even a refusal. A call
 * that began before the last change of state is not recorded as a fault, so that the late timeouts of an outage do not reopen it.
 */
export class CircuitBreaker {
  private readonly policy: CircuitBreakerPolicy;
  /** Number of state changes so far. */
  private generation = 0;
  private probes = 0;
  private coolDownUntil = 0;

  constructor(
    /** Sends a call that needs no credential; resolves if CloudTower responds. */
    private readonly ping: (signal: CancelSignal) => Promise<void>,
    private readonly stateChanged: (state: CircuitState) => void,
  ) {
    this.policy = circuitBreaker(handleType(RecordedFault), {
      breaker: new ConsecutiveBreaker(FAULTS_TO_OPEN),
      halfOpenAfter: COOL_DOWN_MS,
    });
    this.policy.onStateChange((state) => {
      this.generation += 1;
      if (state === PolicyState.Open) this.coolDownUntil = Date.now() + COOL_DOWN_MS;
      this.stateChanged(nameOf(state));
    });
  }

  get state(): CircuitState {
    return nameOf(this.policy.state);
  }

  /**
   * Runs the call, or rejects immediately while the circuit is open.
   *
   * After the cool-down, probes find out whether CloudTower is back. They alternate between a ping and the next call with
   * `mayProbe`, in case CloudTower responds to only one of them.
   */
  async run<T>(call: () => Promise<T>, mayProbe: boolean): Promise<T> {
    if (this.policy.state === PolicyState.Closed) return this.record(call, this.generation);
    if (this.policy.state === PolicyState.HalfOpen) throw circuitOpenError({ transient: true });
    if (Date.now() < this.coolDownUntil) throw circuitOpenError({ transient: false });
    this.probes += 1;
    if (mayProbe && this.probes % 2 === 0) return this.record(() => withProbeTimeout(call()), undefined);
    void this.record(() => withProbeTimeout(this.ping(AbortSignal.timeout(PROBE_TIMEOUT_MS))), undefined).catch(
      () => {},
    );
    throw circuitOpenError({ transient: true });
  }

  /** @param began generation in which the call began; undefined for a probe, for which any failure but a response is a fault. */
  private async record<T>(call: () => Promise<T>, began: number | undefined): Promise<T> {
    try {
      const outcome = await this.policy.execute(async () => {
        try {
          return { value: await call() };
        } catch (thrown) {
          const error = asError(thrown);
          if (isResponse(error)) return { error };
          if (began === undefined || (began === this.generation && isFault(error))) throw new RecordedFault(error);
          throw error;
        }
      });
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    } catch (error) {
      if (error instanceof RecordedFault) throw error.cause;
      throw error instanceof BrokenCircuitError ? circuitOpenError({ transient: true }) : error;
    }
  }
}

/** Error for a call that is not sent because the circuit is not closed. `transient` if a retry in a moment may well succeed. */
export function circuitOpenError({ transient }: { readonly transient: boolean }): UpstreamError {
  const error = new UpstreamError("none", {
    code: ErrorCode.UpstreamUnavailable,
    message: "CloudTower is not responding. The gateway checks every few seconds whether it is back.",
    effect: "none",
    transient,
  });
  // The circuit has a log line of its own; one for each rejected call would only hide it.
  error.logged = true;
  return error;
}

/** Carries a fault through the policy, which counts these errors and no others. */
class RecordedFault extends Error {
  constructor(override readonly cause: Error) {
    super("fault", { cause });
  }
}

function isFault(error: Error): boolean {
  return error instanceof UpstreamError && error.failure.fault === true;
}

function isResponse(error: Error): boolean {
  return error instanceof UpstreamError && error.failure.fault !== true && error.failure.status !== undefined;
}

async function withProbeTimeout<T>(call: Promise<T>): Promise<T> {
  const done = new Cancellation();
  const failure: UpstreamFailure = {
    code: ErrorCode.UpstreamTimeout,
    message: "CloudTower did not respond in time.",
    effect: "unknown",
    transient: false,
    fault: true,
  };
  const timeout = wait(PROBE_TIMEOUT_MS, done).then(() => {
    throw new UpstreamError("none", failure);
  });
  try {
    return await Promise.race([call, timeout]);
  } finally {
    timeout.catch(() => {});
    done.abort(undefined);
  }
}

function nameOf(state: PolicyState): CircuitState {
  if (state === PolicyState.Closed) return "closed";
  return state === PolicyState.HalfOpen ? "half-open" : "open";
}
