import type { TaskWatch } from "./flows/watch/task-watch.js";
import type { VmWriteQueue } from "./flows/writes/vm-write-queue.js";
import type { PageLimits } from "./graph/connections/page-arguments.js";
import { GraphContext } from "./graph/loading/graph-context.js";
import type { ResolvedRoots } from "./graph/plan/execute.js";
import type { RelationRegistry } from "./graph/relations/relation-registry.js";
import { asError } from "./kernel/errors.js";
import type { Gateway } from "./resources/gateway/gateway.type.js";
import type { UpstreamSession } from "./upstream/session.js";

/** What all operations of a process share. */
export interface Services {
  readonly relations: RelationRegistry;
  readonly pageLimits: PageLimits;
  readonly gateway: Gateway;
  readonly taskWatch: TaskWatch;
  /** Keeps the writes on one VM in order. */
  readonly vmWrites: VmWriteQueue;
}

/** What one operation carries. */
export class Context {
  private current: GraphContext | undefined;
  /** Set where graphql-js takes over an operation whose root fields are resolved already. */
  resolvedRoots?: ResolvedRoots;

  constructor(
    readonly session: UpstreamSession,
    readonly services: Services,
    /** Puts off the operation's deadline, in milliseconds. */
    readonly extendDeadline: (milliseconds: number) => void = () => {},
  ) {}

  /**
   * Loaders and the look-ahead; renewed for each event of a subscription, so that later events see later states. Made when first
   * needed: ten thousand streams of tasks wait without.
   */
  get graph(): GraphContext {
    this.current ??= new GraphContext(this.services.relations, this.session, this.services.pageLimits);
    return this.current;
  }

  get gateway(): Gateway {
    return this.services.gateway;
  }

  /**
   * The events of a stream, each of which is resolved with loaders of its own. A failing stream ends with its error as an event, so
   * that the subscription answers with it instead of breaking the connection.
   */
  eachRenewed<T>(stream: AsyncIterableIterator<T>): AsyncIterableIterator<T | Error> {
    return {
      next: async () => {
        const result = await stream.next().catch((error: unknown) => ({ done: false, value: asError(error) }) as const);
        this.current = undefined;
        return result;
      },
      return: async () => (await stream.return?.()) ?? { done: true, value: undefined },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Forgets what was loaded: to be called around a write, so that nothing read before it is shown after it. */
  renew(): void {
    this.current = undefined;
  }
}
