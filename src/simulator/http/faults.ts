/** Switches that make single answers late, wrong or missing. */

/** What happens to a call, after the latency if there is one. */
export type Effect =
  /** Another answer instead: the operation is not run. `body` is an ErrorBody unless said otherwise. */
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
  /** The connection dies before the body was read, or after it; the operation is not run. */
  | { readonly kind: "reset"; readonly when?: "before-body" | "after-body" }
  /** The operation is run and its answer lost: the connection dies instead. */
  | { readonly kind: "lost-answer" }
  /** The operation is not run and nothing is ever answered. */
  | { readonly kind: "hang" }
  /** The operation is run; its answer waits for this promise. Not by HTTP. */
  | { readonly kind: "hold"; readonly until: PromiseLike<unknown> }
  /** The answer comes in pieces of so many bytes, one every so many ms (default 16 bytes every 100 ms). */
  | { readonly kind: "drip"; readonly bytes?: number; readonly everyMs?: number }
  /** The answer breaks off half way and the connection dies. */
  | { readonly kind: "truncated" }
  /** 200 with something that is no JSON. */
  | { readonly kind: "malformed" }
  /** 200 with a JSON array of this many bytes. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** 302 to somewhere else. */
  | { readonly kind: "redirect"; readonly location: string };

/** One switch. Without `operation` it is for every operation; without `effect` it only delays. */
export interface Fault {
  /** Name of the operation, such as "get-vms", or a pattern. */
  readonly operation?: string | RegExp;
  /** For the next so many calls; default until removed. */
  readonly times?: number;
  /** So many matching calls pass before it begins; default 0. */
  readonly skip?: number;
  /** How likely it is for each matching call, 0 to 1; default 1. For chaos tests. */
  readonly chance?: number;
  /** Only calls whose body this holds for. Not by HTTP. */
  readonly match?: (body: unknown) => boolean;
  /** Real ms to wait first. */
  readonly latencyMs?: number;
  readonly effect?: Effect;
}

interface Active {
  readonly id: number;
  readonly fault: Fault;
  skip: number;
  times: number;
}

/** The switches that are on. The first that matches a call is used. */
export class Faults {
  private active: Active[] = [];
  private added = 0;

  /** Switches a fault on; the returned function switches it off and may be called twice. */
  add(fault: Fault): () => void {
    const { times = Number.POSITIVE_INFINITY, skip = 0, latencyMs = 0, chance = 1 } = fault;
    if (!(chance >= 0 && chance <= 1)) throw new RangeError(`chance must be 0 to 1, got ${chance}`);
    if (!(times >= 1)) throw new RangeError(`times must be 1 or more, got ${times}`);
    if (!(skip >= 0)) throw new RangeError(`skip must be 0 or more, got ${skip}`);
    if (!(latencyMs >= 0)) throw new RangeError(`latencyMs must be 0 or more, got ${latencyMs}`);
    this.added += 1;
    const active: Active = { id: this.added, fault, skip, times };
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

  /** The fault for a call whose body has not been read: only resets that happen before it. */
  takeEarly(operation: string): Fault | undefined {
    return this.takeFirst(operation, ({ effect, match }) => isEarly(effect) && match === undefined);
  }

  /** The fault for a call. */
  take(operation: string, body: unknown): Fault | undefined {
    return this.takeFirst(
      operation,
      ({ effect, match }) => (isEarly(effect) ? match !== undefined : true) && (match?.(body) ?? true),
    );
  }

  private takeFirst(operation: string, suits: (fault: Fault) => boolean): Fault | undefined {
    for (const active of this.active) {
      if (!isFor(active.fault.operation, operation) || !suits(active.fault)) continue;
      if (Math.random() >= (active.fault.chance ?? 1)) continue;
      if (active.skip > 0) {
        active.skip -= 1;
        continue;
      }
      active.times -= 1;
      if (active.times <= 0) this.active = this.active.filter((other) => other !== active);
      return active.fault;
    }
    return undefined;
  }
}

function isEarly(effect: Effect | undefined): boolean {
  return effect?.kind === "reset" && effect.when === "before-body";
}

function isFor(wanted: string | RegExp | undefined, operation: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? wanted === operation : wanted.test(operation);
}
