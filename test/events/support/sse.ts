import { onTestFinished } from "vitest";
import type { TestGateway } from "../../support/gateway.js";
import type { Result } from "../../support/transports.js";

/** A server-sent event. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** A stream of server-sent events. */
export interface EventsOverHttp {
  readonly received: ServerEvent[];
  /** Results of the events so far. */
  readonly results: Result[];
  /** `Last-Event-ID` of a reconnect. */
  readonly lastId: string | undefined;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Sends what a browser's EventSource sends. */
export function get(
  gateway: TestGateway,
  query: string,
  lastEventId?: string,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: {
      accept: "text/event-stream",
      "sec-fetch-site": "same-origin",
      authorization: gateway.token,
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
    },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Follows a subscription over GET, until the test is finished. */
export async function followOverHttp(
  gateway: TestGateway,
  query: string,
  lastEventId?: string,
): Promise<EventsOverHttp> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await get(gateway, query, lastEventId, controller.signal);
  if (response.status !== 200 || response.body === null) throw new Error(`got ${response.status}`);
  const received: ServerEvent[] = [];
  let lastId = lastEventId;
  const read = async (body: ReadableStream<Uint8Array>) => {
    let text = "";
    for await (const chunk of body.pipeThrough(new TextDecoderStream() as never)) {
      text += chunk;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const event = eventOf(text.slice(0, end));
        text = text.slice(end + 2);
        if (event === undefined) continue;
        received.push(event);
        lastId = event.id ?? lastId;
      }
    }
  };
  return {
    received,
    get results() {
      return received.filter(({ event }) => event === "next").map(({ data }) => JSON.parse(data) as Result);
    },
    get lastId() {
      return lastId;
    },
    ended: read(response.body).catch(() => {}),
    close: () => controller.abort(),
  };
}

function eventOf(block: string): ServerEvent | undefined {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
  const event = field("event");
  return event === undefined ? undefined : { id: field("id"), event, data: field("data") ?? "" };
}
