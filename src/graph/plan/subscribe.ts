import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  type execute as graphqlExecute,
} from "graphql";
import { TowerError } from "../../kernel/errors.js";
import { executionArgs } from "./execution-args.js";
import { SharedEvent } from "./shared-event.js";

/**
 * Starts a subscription. Gives a result with errors instead of a stream if the subscription cannot begin, such as for a cursor that cannot
 * be used.
 *
 * A result that a client can resume after has its cursor in `extensions.cursor`, also if its selection has failed.
 */
export type Subscribe = (args: ExecutionArgs) => Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult>;

/** What shared results need of an operation's context. */
interface EventContext {
  /** A context for one event, which does not end with the subscription. */
  forEvent(): { readonly context: object; dispose(): void };
}

/** Creates `subscribe`: like graphql-js's, but the result of a `SharedEvent` is computed once for all that subscribe to the same. */
export function createSubscribe(execute: typeof graphqlExecute, hideSuggestions: boolean): Subscribe {
  const selections = new Selections();
  return async (given) => {
    const args = executionArgs(given, hideSuggestions);
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const events = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    const selection = selections.keyOf(args);
    return new Results(events, async (event) => {
      if (event instanceof SharedEvent) return sharedResult(execute, args, event, selection);
      const result = await execute({ ...args, rootValue: event });
      return withCursor(result, event instanceof TowerError ? event.details?.cursor : undefined);
    });
  };
}

function sharedResult(
  execute: typeof graphqlExecute,
  args: ExecutionArgs,
  event: SharedEvent,
  selection: string,
): Promise<ExecutionResult> {
  return event.result(selection, async () => {
    const { context, dispose } = (args.contextValue as EventContext).forEvent();
    try {
      return withCursor(await execute({ ...args, rootValue: event, contextValue: context }), event.cursor);
    } finally {
      dispose();
    }
  });
}

function withCursor(result: ExecutionResult, cursor: unknown): ExecutionResult {
  return typeof cursor === "string" ? { ...result, extensions: { ...result.extensions, cursor } } : result;
}

/** The results of a stream. Not a generator: its `return` would wait until the next event has come. */
class Results implements AsyncGenerator<ExecutionResult, void, void> {
  constructor(
    private readonly events: AsyncIterator<unknown>,
    private readonly resultOf: (event: unknown) => Promise<ExecutionResult>,
  ) {}

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    const event = await this.events.next();
    if (event.done) return { done: true, value: undefined };
    try {
      return { done: false, value: await this.resultOf(event.value) };
    } catch (error) {
      await this.events.return?.();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    await this.events.return?.();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    await this.events.return?.();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Tells operations with their variables apart: a text that is equal for equal ones alone. */
class Selections {
  private readonly ids = new WeakMap<object, number>();
  private documents = 0;

  keyOf({ document, operationName, variableValues }: ExecutionArgs): string {
    let id = this.ids.get(document);
    if (id === undefined) {
      this.documents += 1;
      id = this.documents;
      this.ids.set(document, id);
    }
    return JSON.stringify([id, operationName ?? "", variableValues ?? {}]);
  }
}
