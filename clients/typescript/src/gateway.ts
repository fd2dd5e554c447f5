import { type GraphQLProblem, HttpError } from "./errors.js";
import { readEvents } from "./server-sent-events.js";

/** How to reach a gateway. */
export interface GatewayOptions {
  /** Address of its endpoint, such as `https://towerql.example/graphql`. */
  readonly url: string;
  /** CloudTower token or API key, or a key of the gateway in service mode; a function is asked before each request. */
  readonly token?: string | (() => string | Promise<string>);
  /** Further headers of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch;
  /** How long a request may take beyond what it asks the gateway to wait, in seconds. @default 60 */
  readonly requestTimeoutSeconds?: number;
  /** After how many seconds without a byte a stream counts as lost. The gateway sends a heartbeat every 12. @default 40 */
  readonly silenceSeconds?: number;
}

/** An operation as it is sent. */
export interface Request {
  readonly query: string;
  readonly variables?: object;
}

/** A response, or one event of a stream. */
export interface Result {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLProblem[];
  readonly extensions?: { readonly cursor?: string };
}

/** No result arrived, and another attempt may bring one. What was sent may have been executed unless `refused`. */
export class Lost extends Error {
  constructor(
    message: string,
    readonly refused: boolean,
    /** What the gateway asked to wait before the next attempt, in milliseconds. */
    readonly retryAfterMs: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Errors of the whole operation after which another attempt may succeed; docs/errors.md. */
const TRANSIENT = new Set(["RATE_LIMITED", "UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"]);
const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether a result says that another attempt may succeed. */
export function isTransient({ errors }: Result): boolean {
  return errors?.some(({ extensions }) => TRANSIENT.has(extensions?.code ?? "")) ?? false;
}

/** One attempt at a time at one gateway. */
export class Gateway {
  private readonly fetch: typeof fetch;
  private readonly requestTimeoutMs: number;
  private readonly silenceMs: number;

  constructor(private readonly options: GatewayOptions) {
    this.fetch = options.fetch ?? fetch;
    this.requestTimeoutMs = (options.requestTimeoutSeconds ?? 60) * 1000;
    this.silenceMs = (options.silenceSeconds ?? 40) * 1000;
  }

  /**
   * The result of an operation.
   *
   * @param waitSeconds how long the operation itself asks the gateway to wait.
   * @throws Lost, HttpError, or the signal's reason.
   */
  async post(request: Request, signal: AbortSignal | undefined, waitSeconds = 0): Promise<Result> {
    return this.attempt(signal, this.requestTimeoutMs + waitSeconds * 1000, async (silence) => {
      const response = await this.send(request, silence.signal, { accept: RESULT });
      return await resultOf(response);
    });
  }

  /**
   * The events of a subscription, with their ids, until the gateway completes it.
   *
   * @throws Lost, HttpError, or the signal's reason. A refused subscription is an event with errors.
   */
  async *stream(
    request: Request,
    signal: AbortSignal | undefined,
    lastEventId: string | undefined,
  ): AsyncGenerator<Result & { readonly id?: string }> {
    const silence = new Silence(this.silenceMs, signal);
    try {
      const headers = { accept: "text/event-stream", ...(lastEventId && { "last-event-id": lastEventId }) };
      const response = await this.send(request, silence.signal, headers);
      if (response.status === 204) return;
      if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
        yield await resultOf(response);
        return;
      }
      for await (const { event, data, id } of readEvents(response, () => silence.broken())) {
        if (event === "complete") return;
        if (event === "next") yield { ...(JSON.parse(data) as Result), ...(id !== undefined && { id }) };
      }
      throw new Lost("The stream ended before it was complete.", false, 0);
    } catch (error) {
      throw reasonOf(error, signal);
    } finally {
      silence.end();
    }
  }

  private async attempt<T>(
    signal: AbortSignal | undefined,
    timeoutMs: number,
    run: (silence: Silence) => Promise<T>,
  ): Promise<T> {
    const silence = new Silence(timeoutMs, signal);
    try {
      return await run(silence);
    } catch (error) {
      throw reasonOf(error, signal);
    } finally {
      silence.end();
    }
  }

  private async send(request: Request, signal: AbortSignal, headers: Record<string, string>): Promise<Response> {
    const { url, token } = this.options;
    const credential = typeof token === "function" ? await token() : token;
    return this.fetch(url, {
      method: "POST",
      headers: {
        ...this.options.headers,
        ...headers,
        "content-type": "application/json",
        ...(credential && { authorization: credential }),
      },
      body: JSON.stringify(request),
      signal,
    });
  }
}

const RESULT = "application/graphql-response+json, application/json";

/** @throws Lost or HttpError if the response has no result. */
async function resultOf(response: Response): Promise<Result> {
  const { status } = response;
  const text = await response.text();
  const result = parsed(text);
  const transient = TRANSIENT_STATUS.has(status);
  if (result === undefined || transient) {
    const message = result?.errors?.[0]?.message ?? `HTTP ${status} from something that is not a TowerQL`;
    if (transient) throw new Lost(message, status === 429, 1000 * (Number(response.headers.get("retry-after")) || 0));
    // A body that was cut off may belong to a write that was done.
    if (status === 200) throw new Lost("The response was cut off or is no GraphQL response.", false, 0);
    throw new HttpError(status, message);
  }
  return result;
}

function parsed(text: string): Result | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && ("data" in value || "errors" in value)) return value as Result;
  } catch {}
  return undefined;
}

/** Codes of Node for a request that never left, as there was no connection. */
const UNCONNECTED = new Set(["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"]);

/** What an attempt ended with: what it says itself, the caller's abort, or a lost connection. */
function reasonOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof Lost || error instanceof HttpError) return error;
  const { message, cause } = error as Error;
  const { code = "", message: reason = "" } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  const detail = reason || code;
  return new Lost(detail ? `${message}: ${detail}` : message, UNCONNECTED.has(code), 0, { cause: error });
}

/** Aborts what it is told to watch when nothing was heard for some time, or with the caller's signal. */
class Silence {
  private readonly controller = new AbortController();
  private readonly abort = () => this.controller.abort(this.outer?.reason);
  private timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly ms: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    this.timer = this.start();
    if (outer?.aborted) this.abort();
    else outer?.addEventListener("abort", this.abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  broken(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  /** Also ends the connection, if it is still open. */
  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener("abort", this.abort);
    this.controller.abort();
  }

  private start() {
    return setTimeout(() => this.controller.abort(new Error(`no byte for ${this.ms / 1000} s`)), this.ms);
  }
}
