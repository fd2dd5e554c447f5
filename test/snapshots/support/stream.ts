import type { ExecutionResult, FormattedExecutionResult } from "graphql";
import type { Client } from "graphql-ws";

/** Events of a subscription. */
export interface Collected<D> {
  readonly received: FormattedExecutionResult<D>[];
  /** All events, once the stream has completed. An error of the whole subscription is the last of them. */
  readonly done: Promise<FormattedExecutionResult<D>[]>;
  /** Resolves once there are this many events. */
  count(events: number): Promise<void>;
  /** Unsubscribes. */
  stop(): void;
}

/** Subscribes with graphql-ws's own client and collects the events. */
export function collect<D>(client: Client, query: string, variables: Record<string, unknown>): Collected<D> {
  const received: FormattedExecutionResult<D>[] = [];
  let waiting: { events: number; resolve: () => void }[] = [];
  let stop = () => {};
  const receive = (event: FormattedExecutionResult<D>) => {
    received.push(event);
    for (const { events, resolve } of waiting) if (received.length >= events) resolve();
    waiting = waiting.filter(({ events }) => received.length < events);
  };
  const done = new Promise<FormattedExecutionResult<D>[]>((resolve, reject) => {
    stop = client.subscribe<D>(
      { query, variables },
      {
        next: (result: ExecutionResult<D, unknown>) => receive(result as never),
        error: (error) => {
          if (!Array.isArray(error)) return reject(error);
          receive({ errors: error as never });
          resolve(received);
        },
        complete: () => resolve(received),
      },
    );
  });
  return {
    received,
    done,
    count: (events) =>
      new Promise((resolve) => {
        if (received.length >= events) resolve();
        else waiting.push({ events, resolve });
      }),
    stop,
  };
}
