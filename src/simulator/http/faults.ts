/** Effect of a fault on one call, after the latency if there is any. */
export type Effect =
  /** This response instead; the endpoint is not run. `body` is by default an ErrorBody. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: "error" | "html" | "empty";
      readonly message?: string;
      readonly code?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Seconds, sent as Retry-After. */
      readonly retryAfter?: number;
    }
  /** Resets the connection before or after the body was read (the default); the endpoint is not run. */
  | { readonly kind: "reset"; readonly when?: "before-body" | "after-body" }
  /** Runs the endpoint, then resets the connection: the response is lost. */
  | { readonly kind: "lost-answer" }
  /**
   * Resets the connection, and runs the endpoint `afterMs` later in the simulator's time: a slow CloudTower does what it received, although
   * its client has left.
   */
  | { readonly kind: "late-commit"; readonly afterMs: number }
  /** 200 with an empty list, as if nothing matched; the endpoint is not run. */
  | { readonly kind: "empty-list" }
  /** Never responds; the endpoint is not run. */
  | { readonly kind: "hang" }
  /** Runs the endpoint and holds the response until this promise settles. Not available by HTTP. */
  | { readonly kind: "hold"; readonly until: PromiseLike<unknown> }
  /** Sends the response in pieces of `bytes` (default 16), one every `everyMs` (default 100). */
  | { readonly kind: "drip"; readonly bytes?: number; readonly everyMs?: number }
  /** Sends half of the response, then resets the connection. */
  | { readonly kind: "truncated" }
  /** 200 with invalid JSON. */
  | { readonly kind: "malformed" }
  /** 200 with a JSON array of this many bytes. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** The list with this in place of its first row: null, a number, a text, an object without an id. An empty list stays as it is. */
  | { readonly kind: "odd-row"; readonly row: unknown }
  /** 302 to `location`. */
  | { readonly kind: "redirect"; readonly location: string };

/** One fault. Without `operation` it affects every endpoint; without `effect` it only adds latency. */
export interface Fault {
  /** Name of the endpoint, such as "get-vms", or a pattern. Called operation in the control API. */
  readonly operation?: string | RegExp;
  /** Number of calls affected. @default until removed */
  readonly times?: number;
  /** Number of matching calls to let through first. @default 0 */
  readonly skip?: number;
  /** Probability for each matching call, 0 to 1. @default 1 */
  readonly chance?: number;
  /** Restricts the fault to calls with a matching body. Not available by HTTP. */
  readonly match?: (body: unknown) => boolean;
  /** Real time to wait before the effect, in ms. @default 0 */
  readonly latencyMs?: number;
  readonly effect?: Effect;
}

interface ActiveFault {
  readonly fault: Fault;
  skip: number;
  remaining: number;
}

/** Active faults. The first one that matches a call is used. */
export class Faults {
  private active: ActiveFault[] = [];

  /** Adds a fault. The returned function removes it and is safe to call twice. Throws a RangeError for numbers out of range. */
  add(fault: Fault): () => void {
    const { times = Number.POSITIVE_INFINITY, skip = 0, latencyMs = 0, chance = 1 } = fault;
    if (!(chance >= 0 && chance <= 1)) throw new RangeError(`chance must be 0 to 1, got ${chance}`);
    if (!(times >= 1)) throw new RangeError(`times must be 1 or more, got ${times}`);
    if (!(skip >= 0)) throw new RangeError(`skip must be 0 or more, got ${skip}`);
    if (!(latencyMs >= 0)) throw new RangeError(`latencyMs must be 0 or more, got ${latencyMs}`);
    const active: ActiveFault = { fault, skip, remaining: times };
    this.active.push(active);
    return () => {
      this.active = this.active.filter((other) => other !== active);
    };
  }

  clear(): void {
    this.active = [];
  }

  get size(): number {
    return this.active.length;
  }

  /** Fault for a call whose body has not been read yet: only a reset before the body. */
  takeBeforeBody(endpoint: string): Fault | undefined {
    return this.takeFirst(endpoint, ({ effect, match }) => isBeforeBody(effect) && match === undefined);
  }

  /** Fault for a call whose body has been read. */
  take(endpoint: string, body: unknown): Fault | undefined {
    return this.takeFirst(
      endpoint,
      ({ effect, match }) => (isBeforeBody(effect) ? match !== undefined : true) && (match?.(body) ?? true),
    );
  }

  private takeFirst(endpoint: string, applies: (fault: Fault) => boolean): Fault | undefined {
    for (const active of this.active) {
      if (!isFor(active.fault.operation, endpoint) || !applies(active.fault)) continue;
      if (Math.random() >= (active.fault.chance ?? 1)) continue;
      if (active.skip > 0) {
        active.skip -= 1;
        continue;
      }
      active.remaining -= 1;
      if (active.remaining <= 0) this.active = this.active.filter((other) => other !== active);
      return active.fault;
    }
    return undefined;
  }
}

function isBeforeBody(effect: Effect | undefined): boolean {
  return effect?.kind === "reset" && effect.when === "before-body";
}

function isFor(wanted: string | RegExp | undefined, endpoint: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? wanted === endpoint : wanted.test(endpoint);
}
