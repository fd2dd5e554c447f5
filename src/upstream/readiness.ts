import { singleFlight } from "../kernel/single-flight.js";
import type { GuardedClient } from "./client/guarded-client.js";
import type { ServiceCredential } from "./credentials/service-credential.js";
import type { UpstreamObserver, UpstreamProblem } from "./observer.js";

/** Time limit of a check. */
const CHECK_TIMEOUT_MS = 5_000;
/** A result is as good as new for this long: anybody may ask, and each check makes up to three calls. */
const FRESH_MS = 500;

/** Whether the gateway can use CloudTower. Each check also makes it recover: it closes the circuit and logs in if that is possible. */
export class Readiness {
  /**
   * Why the gateway cannot use CloudTower, for its operator; undefined if it can. Reveals no address, name or secret. Takes at most 5
   * seconds; all callers within half a second share one check.
   */
  readonly problem: () => Promise<string | undefined> = singleFlight(() => this.recent());
  private last = { reason: undefined as string | undefined, freshUntil: Number.NEGATIVE_INFINITY };
  private loggedReason: string | undefined;

  /** @param credential the gateway's own, in service mode. */
  constructor(
    private readonly client: GuardedClient,
    private readonly credential: ServiceCredential | undefined,
    private readonly observer: Pick<UpstreamObserver, "reachabilityChanged">,
  ) {}

  private async recent(): Promise<string | undefined> {
    if (performance.now() >= this.last.freshUntil) {
      const reason = await this.check();
      this.last = { reason, freshUntil: performance.now() + FRESH_MS };
    }
    return this.last.reason;
  }

  private async check(): Promise<string | undefined> {
    const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const unreachable = await this.client.problem(signal);
    this.report(unreachable);
    return unreachable?.reason ?? (await this.credential?.problem(signal));
  }

  private report(problem: UpstreamProblem | undefined): void {
    if (problem?.reason === this.loggedReason) return;
    this.loggedReason = problem?.reason;
    this.observer.reachabilityChanged(problem);
  }
}
