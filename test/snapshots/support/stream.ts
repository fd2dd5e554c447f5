import type { ExecutionResult, FormattedExecutionResult } from "graphql";
import type { Client } from "graphql-ws";

/** What a subscription has yielded. */
export interface Collected<D> {
  readonly sofar: FormattedExecutionResult<D>[];
  /** All events, once the stream has completed. An error of the subscription as a whole is the last of them. */
  readonly done: Promise<FormattedExecutionResult<D>[]>;
  /** Resolves when there are so many events. */
  count(events: number): Promise<void>;
  /** Unsubscribes. */
  stop(): void;
}

/** Subscribes with graphql-ws's own client and keeps what comes. */
export function collect<D>(client: Client, query: string, variables: Record<string, unknown>): Collected<D> {
  const sofar: FormattedExecutionResult<D>[] = [];
  let waiting: { events: number; resolve: () => void }[] = [];
  let stop = () => {};
  const came = (event: FormattedExecutionResult<D>) => {
    sofar.push(event);
    for (const { events, resolve } of waiting) if (sofar.length >= events) resolve();
    waiting = waiting.filter(({ events }) => sofar.length < events);
  };
  const done = new Promise<FormattedExecutionResult<D>[]>((resolve, reject) => {
    stop = client.subscribe<D>(
      { query, variables },
      {
        next: (result: ExecutionResult<D, unknown>) => came(result as never),
        error: (error) => {
          if (!Array.isArray(error)) return reject(error);
          came({ errors: error as never });
          resolve(sofar);
        },
        complete: () => resolve(sofar),
      },
    );
  });
  return {
    sofar,
    done,
    count: (events) =>
      new Promise((resolve) => {
        if (sofar.length >= events) resolve();
        else waiting.push({ events, resolve });
      }),
    stop,
  };
}
