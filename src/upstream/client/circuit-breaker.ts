import { wait } from "../../kernel/backoff.js";
import { Cancellation, type CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode } from "../../kernel/errors.js";
import type { CircuitState } from "../observer.js";
import { UpstreamError, type UpstreamFailure } from "../upstream-error.js";

/** Time without a response, while calls are in flight or fail, after which the circuit breaker pings CloudTower. */
const SILENCE_MS = 3_000;
/** Failed calls since the last response that open the circuit if a ping fails as well. A ping that times out opens it alone. */
const FAULTS_TO_OPEN = 3;
/** Pause after a failed ping that did not open the circuit. */
const PING_PAUSE_MS = 500;
/** How long the circuit stays open before it allows a probe. */
const COOL_DOWN_MS = 1_500;
/** Time limit of a ping and of a probe. */
const PROBE_TIMEOUT_MS = 2_500;

/** What a circuit breaker needs to know of CloudTower. */
export interface CircuitUpstream {
  /** Sends a call that needs neither a credential nor a permit; resolves if CloudTower responds. */
  ping(signal: CancelSignal): Promise<void>;
  /** When CloudTower last responded, on the clock of `performance.now()`. A proxy's 502, 503 or 504 is not a response. */
  readonly lastResponseAt: number;
}

/**
 * Circuit breaker: fails fast while CloudTower is not responding.
 *
 * Any response to any call is a sign of life, even a refusal. Without one for some time, a ping decides whether CloudTower is down or
 * merely slow. Failed calls alone never open the circuit, so that neither slow operations nor timeouts beside responses do. All times
 * are on the monotonic clock.
 */
export class CircuitBreaker {
  private current: CircuitState = "closed";
  /** Calls that began while the circuit was closed and have not ended. */
  private inFlight = 0;
  /** Faults since `respondedAt`. */
  private faults = 0;
  /** The last response that `faults` takes into account. */
  private respondedAt = Number.NEGATIVE_INFINITY;
  /** When calls began to be in flight or to fail. */
  private busySince = 0;
  private timer: NodeJS.Timeout | undefined;
  private probes = 0;
  private openedAt = 0;

  constructor(
    private readonly upstream: CircuitUpstream,
    private readonly stateChanged: (state: CircuitState) => void,
  ) {}

  get state(): CircuitState {
    return this.current;
  }

  /**
   * Runs the call, or rejects immediately while the circuit is open.
   *
   * After the cool-down, probes find out whether CloudTower is back. They alternate between a ping and the next call with
   * `mayProbe`, in case CloudTower responds to only one of them. So does a late response to a call that was sent before.
   */
  async run<T>(call: () => Promise<T>, mayProbe: boolean): Promise<T> {
    if (this.isClosed()) return this.watch(call);
    if (this.current === "half-open") throw circuitOpenError({ transient: true });
    if (!this.hasCooledDown()) throw circuitOpenError({ transient: false });
    this.probes += 1;
    if (mayProbe && this.probes % 2 === 0) return this.probe(() => withProbeTimeout(call()));
    void this.probe(() => this.ping()).catch(() => {});
    throw circuitOpenError({ transient: true });
  }

  /** Whether the circuit is closed and CloudTower responds to a ping, which is a probe if the circuit is open. */
  async responds(signal: CancelSignal): Promise<boolean> {
    try {
      if (this.isClosed()) await this.watch(() => this.upstream.ping(signal));
      else if (this.current === "open" && this.hasCooledDown()) await this.probe(() => this.ping());
    } catch {
      return false;
    }
    return this.current === "closed";
  }

  /** Stops watching; calls are then run as before. */
  dispose(): void {
    clearTimeout(this.timer);
  }

  /** Whether the circuit is closed. Closes it if CloudTower has responded since it opened. */
  private isClosed(): boolean {
    if (this.current === "closed") return true;
    if (this.upstream.lastResponseAt <= this.openedAt) return false;
    this.close();
    return true;
  }

  private hasCooledDown(): boolean {
    return performance.now() >= this.openedAt + COOL_DOWN_MS;
  }

  private async watch<T>(call: () => Promise<T>): Promise<T> {
    if (this.inFlight === 0) this.startWatching();
    this.inFlight += 1;
    try {
      return await call();
    } catch (error) {
      if (error instanceof UpstreamError && error.failure.fault) this.faults = this.faultsSinceResponse() + 1;
      throw error;
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Calls that fail one after the other are one silence, although none is in flight between them. */
  private startWatching(): void {
    if (this.faults === 0 || this.faultsSinceResponse() === 0) this.busySince = performance.now();
    if (this.timer === undefined) this.checkAfter(SILENCE_MS);
  }

  private checkAfter(milliseconds: number): void {
    this.timer = setTimeout(() => void this.check(), milliseconds);
    this.timer.unref();
  }

  /** The only timer: it runs from the first call until nothing is in flight, so that calls need none of their own. */
  private async check(): Promise<void> {
    const faults = this.faultsSinceResponse();
    const silentMs = performance.now() - Math.max(this.busySince, this.respondedAt);
    if (this.current !== "closed" || (this.inFlight === 0 && faults < FAULTS_TO_OPEN)) this.timer = undefined;
    else if (silentMs < SILENCE_MS) this.checkAfter(SILENCE_MS - silentMs);
    else await this.judge();
  }

  /** CloudTower has been silent: opens the circuit if it does not respond to a ping either. */
  private async judge(): Promise<void> {
    const pingedAt = performance.now();
    const outcome = await this.ping().catch((error: unknown) => error);
    // If this process was stalled, responses to other calls may have arrived in the meantime.
    if (this.upstream.lastResponseAt >= pingedAt) this.checkAfter(SILENCE_MS);
    else if (outcome instanceof PingTimeout || this.faults >= FAULTS_TO_OPEN) this.open();
    else this.checkAfter(PING_PAUSE_MS);
  }

  private faultsSinceResponse(): number {
    const { lastResponseAt } = this.upstream;
    if (lastResponseAt > this.respondedAt) {
      this.respondedAt = lastResponseAt;
      this.faults = 0;
    }
    return this.faults;
  }

  private async probe<T>(call: () => Promise<T>): Promise<T> {
    this.change("half-open");
    try {
      return await call();
    } finally {
      // A late response to another call may have closed the circuit already.
      if (!this.isClosed()) this.open();
    }
  }

  private open(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.openedAt = performance.now();
    this.change("open");
  }

  private close(): void {
    this.faults = 0;
    this.busySince = performance.now();
    if (this.inFlight > 0) this.checkAfter(SILENCE_MS);
    this.change("closed");
  }

  private change(state: CircuitState): void {
    this.current = state;
    this.stateChanged(state);
  }

  /** @throws PingTimeout */
  private async ping(): Promise<void> {
    const limit = new Cancellation();
    // If this process was stalled, the response may have arrived and is read before the immediate.
    const giveUp = () => setImmediate(() => limit.abort(new PingTimeout("CloudTower did not respond to a ping.")));
    const timer = setTimeout(giveUp, PROBE_TIMEOUT_MS);
    try {
      await this.upstream.ping(limit);
    } catch (error) {
      throw limit.aborted ? limit.reason : error;
    } finally {
      clearTimeout(timer);
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

class PingTimeout extends Error {}

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
