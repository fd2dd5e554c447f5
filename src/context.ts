import type { Events } from "./flows/events/events.js";
import type { ExpiryLooks } from "./flows/reaper/expiry-looks.js";
import type { TaskWatch } from "./flows/watch/task-watch.js";
import type { VmWrites } from "./flows/writes/vm-writes.js";
import type { PageLimits } from "./graph/connections/page-arguments.js";
import { GraphContext } from "./graph/loading/graph-context.js";
import type { ResolvedRoots } from "./graph/plan/execute.js";
import type { RelationRegistry } from "./graph/relations/relation-registry.js";
import type { Budget } from "./kernel/budget.js";
import { Deadline } from "./kernel/deadline.js";
import { asError, type TowerError } from "./kernel/errors.js";
import type { Gateway } from "./resources/gateway/gateway.type.js";
import type { UpstreamSession } from "./upstream/session.js";
import type { Webhooks } from "./webhooks/webhooks.js";

/** Shared by all operations of a process. */
export interface Services {
  readonly relations: RelationRegistry;
  readonly pageLimits: PageLimits;
  readonly gateway: Gateway;
  readonly taskWatch: TaskWatch;
  readonly events: Events;
  /** What the writes share: turns on each VM, and writes in doubt. */
  readonly vmWrites: VmWrites;
  /** When expired leases were first seen. */
  readonly looks: ExpiryLooks;
  /** Undefined if none are defined. */
  readonly webhooks: () => Webhooks | undefined;
  /** Time limit of one event of a subscription. */
  readonly eventTimeoutMs: number;
}

/** Context of one operation. */
export class Context {
  private current: GraphContext | undefined;
  /** The stream of a subscription. */
  private stream: AsyncIterableIterator<unknown> | undefined;
  /** Why that stream was ended; undefined if it was not. */
  revokedBy: TowerError | undefined;
  /** Set if graphql-js takes over an operation whose root fields have been resolved already. */
  resolvedRoots?: ResolvedRoots;

  constructor(
    readonly session: UpstreamSession,
    readonly services: Services,
    /** Extends the operation's deadline by a number of milliseconds. */
    readonly extendDeadline: (milliseconds: number) => void = () => {},
  ) {}

  /**
   * Loaders and look-ahead; renewed for each event of a subscription, so that later events see later states. Created on first use:
   * ten thousand idle task streams do without it.
   */
  get graph(): GraphContext {
    this.current ??= new GraphContext(this.services.relations, this.session, this.services.pageLimits);
    return this.current;
  }

  /** `Last-Event-ID` of the request: a cursor that wins over the argument `after`. Set by the transport before the operation runs. */
  lastEventId?: string;

  /**
   * A context for the result of one event that subscriptions share: the caller's credential and language, and limits of its own. It does
   * not end with the subscription.
   */
  forEvent(): { readonly context: Context; dispose(): void } {
    const deadline = new Deadline(this.services.eventTimeoutMs);
    const session = this.session.fork(deadline.signal, this.budget.fresh());
    return { context: new Context(session, this.services), dispose: () => deadline.dispose() };
  }

  /** Whether the client has left, so that no result is needed. */
  isAbandoned = false;

  /** What the operation may use. */
  get budget(): Budget {
    return this.session.budget;
  }

  get gateway(): Gateway {
    return this.services.gateway;
  }

  /**
   * The events of a stream, each resolved with new loaders. A failing stream yields its error as an event, so that the subscription
   * reports it instead of breaking the connection.
   */
  eachRenewed<T>(stream: AsyncIterableIterator<T>): AsyncIterableIterator<T | Error> {
    this.stream = stream;
    return new RenewedEvents(stream, this);
  }

  /** Ends the stream of a subscription with an error for its client. */
  revoke(error: TowerError): void {
    this.revokedBy = error;
    void this.stream?.return?.();
  }

  /** Lets others go first, until the client's next turn on the event loop. */
  async nextTurn(costMs: number): Promise<void> {
    await this.session.turns?.next(costMs);
  }

  /** Drops what was loaded. Call it before and after a write, so that nothing read before it is returned after it. */
  renew(): void {
    this.current = undefined;
  }
}

class RenewedEvents<T> implements AsyncIterableIterator<T | Error> {
  private failed = false;

  constructor(
    private readonly stream: AsyncIterableIterator<T>,
    private readonly context: Context,
  ) {}

  async next(): Promise<IteratorResult<T | Error>> {
    // At once: a refused credential closes the connection right after its error, and the stream's end must come first.
    if (this.failed) return { done: true, value: undefined };
    const result = await this.stream.next().catch((error: unknown) => {
      this.failed = true;
      return { done: false, value: asError(error) } as const;
    });
    const { session, budget, revokedBy } = this.context;
    if (result.done && revokedBy !== undefined) {
      this.failed = true;
      return { done: false, value: revokedBy };
    }
    // A state that thousands of watchers wait for reaches each of them in its turn.
    const turn = session.turns?.take();
    if (turn !== undefined) await turn;
    this.context.renew();
    budget.renew();
    return result;
  }

  async return(): Promise<IteratorResult<T | Error>> {
    return (await this.stream.return?.()) ?? { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
