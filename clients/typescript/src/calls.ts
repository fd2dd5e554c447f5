import { hasMutation, type Operation, textOf } from "./documents.js";
import { CursorExpiredError, GraphQLFailure, UnreachableError } from "./errors.js";
import { type Gateway, isTransient, Lost, type Result } from "./gateway.js";
import { Patience } from "./patience.js";

/** What each call can be given. */
export interface CallOptions {
  /** Ends the call with the signal's reason; a write that was sent may still be done. */
  readonly signal?: AbortSignal;
}

/** Options for a mutation. */
export interface MutateOptions extends CallOptions {
  /**
   * How long the mutation asks the gateway to wait, such as its `maxWaitSeconds` for a lock, in seconds: by so much its response may come later.
   *
   * @default 0
   */
  readonly waitSeconds?: number;
}

/** What a subscription can be given besides. */
export interface SubscribeOptions extends CallOptions {
  /** A cursor of the event feeds: the stream begins after it. */
  readonly after?: string;
}

/** An event of a subscription. */
export interface SubscriptionEvent<Data> {
  readonly data: Data;
  /** Where to resume; only the event feeds have it. */
  readonly cursor: string | undefined;
}

/** Operations with retries where these are safe. */
export class Calls {
  constructor(
    private readonly gateway: Gateway,
    private readonly patienceSeconds: number,
  ) {}

  patience(signal: AbortSignal | undefined): Patience {
    return new Patience(this.patienceSeconds, signal);
  }

  async query<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables?: Variables,
    options: CallOptions = {},
  ) {
    const query = await textOf(operation as Operation<unknown, unknown>);
    if (hasMutation(query)) throw new TypeError("query() repeats what fails, so it takes no mutation: use mutate()");
    const patience = this.patience(options.signal);
    for (;;) {
      try {
        const result = await this.gateway.post({ query, variables: variables as object }, options.signal);
        if (!isTransient(result)) return dataOf<Data>(result);
        if (!(await patience.another())) return dataOf<Data>(result);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        if (!(await patience.another(error.retryAfterMs))) throw new UnreachableError(error.message, { cause: error });
      }
    }
  }

  /** Sends once; only what the gateway refused before executing it is sent again. @throws Lost if no response came. */
  async mutate<Data>(query: string, variables?: object, { signal, waitSeconds }: MutateOptions = {}) {
    const patience = this.patience(signal);
    for (;;) {
      try {
        return dataOf<Data>(await this.gateway.post({ query, ...(variables && { variables }) }, signal, waitSeconds));
      } catch (error) {
        if (!(error instanceof Lost && error.refused) || !(await patience.another(error.retryAfterMs))) throw error;
      }
    }
  }

  /**
   * The events of a subscription, across lost connections: the feeds go on after the last event, others begin anew.
   *
   * @param read the data of a result. @default `dataOf`
   */
  async *subscribe<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables?: Variables,
    { signal, after }: SubscribeOptions = {},
    read: (result: Result) => Data = dataOf,
  ): AsyncGenerator<SubscriptionEvent<Data>, void, undefined> {
    const request = { query: await textOf(operation as Operation<unknown, unknown>), variables: variables as object };
    let cursor = after;
    let patience = this.patience(signal);
    for (;;) {
      let lost: Lost | undefined;
      try {
        for await (const result of this.gateway.stream(request, signal, cursor)) {
          cursor = result.extensions?.cursor ?? result.id ?? resumption(result) ?? cursor;
          if (isResumable(result)) {
            lost = new Lost(result.errors?.[0]?.message ?? "", false, 0);
            break;
          }
          yield { data: read(result), cursor: result.extensions?.cursor };
          patience = patience.renewed();
        }
        if (lost === undefined) return;
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        lost = error;
      }
      if (!(await patience.another(lost.retryAfterMs))) throw new UnreachableError(lost.message, { cause: lost });
    }
  }
}

function isResumable(result: Result): boolean {
  return isTransient(result) || resumption(result) !== undefined;
}

/** Where a stream can go on that the gateway ended because this reader was too slow. */
function resumption({ errors }: Result): string | undefined {
  const lagged = errors?.find(({ extensions }) => extensions?.code === "EVENTS_LAGGED");
  return lagged?.extensions?.cursor as string | undefined;
}

/** @throws GraphQLFailure or CursorExpiredError if there are errors. */
export function dataOf<Data>({ data, errors }: Result): Data {
  if (errors === undefined || errors.length === 0) return data as Data;
  const expired = errors.find(({ extensions }) => extensions?.code === "CURSOR_EXPIRED");
  if (expired !== undefined) throw new CursorExpiredError(expired.message, String(expired.extensions?.oldest));
  throw new GraphQLFailure(errors, data);
}
