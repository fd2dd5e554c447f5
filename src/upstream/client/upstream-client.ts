import { Pool } from "undici";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode } from "../../kernel/errors.js";
import type { TraceSpan } from "../../kernel/trace-span.js";
import type { OwnTurns } from "../../kernel/turns/turns.js";
import type { ResponseBody } from "../rows/response-body.js";
import { failureOfStatus, failureOfTransport, isUnavailable, UpstreamError } from "../upstream-error.js";
import { largeBodyPermits, ResponseReceiver } from "./response-receiver.js";

/** Parsing so many bytes of a response takes about a millisecond. */
const BYTES_PER_MS = 128 * 1024;

/** Connections for pings and logins, of which there are few at a time. */
const RESERVED_CONNECTIONS = 1;

/** Where CloudTower has its REST API. */
const USUAL_PATH = "/v2/api";

/** Languages of CloudTower's task descriptions and messages. */
export type Language = "en-US" | "zh-CN";

/** Options for the connections to CloudTower. */
export interface UpstreamClientOptions {
  /** Address of the API, such as `https://tower.example/v2/api`. */
  readonly url: URL;
  /** PEM text of the certificate authority that signed CloudTower's certificate. @default Node's own list */
  readonly ca?: string;
  /** Accept any certificate. @default false */
  readonly insecure?: boolean;
  /** Further headers of each call, by names in lower case; never in logs. They must not be those of the calls themselves. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Maximum number of connections for calls of clients; there is one more for the gateway's own. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Fail a call after CloudTower has sent nothing for this long. */
  readonly silenceTimeoutMs: number;
  /** Maximum size of a response body; larger ones fail the call. */
  readonly maxResponseBytes: number;
}

/** The HTTP request of a call. */
export interface UpstreamRequest {
  /** @default "POST" */
  readonly method?: "GET" | "POST";
  /** Name in the URL, such as `get-vms`; for the GraphQL API, the field that is queried. */
  readonly endpoint: string;
  /** The REST API, the one at its usual path if another is configured, or the unpublished GraphQL API at `/api`. @default "rest" */
  readonly api?: "rest" | "usual-path" | "graphql";
  /** JSON text. */
  readonly body?: string;
  readonly language?: Language;
  readonly requestId?: string;
  /** The call's place in a trace. @default the call is not traced */
  readonly traceparent?: string;
}

/** One call: the request, and how it is queued, cancelled and read. */
export interface UpstreamCall extends UpstreamRequest {
  /** Whom the call is queued for. Absent for the gateway's own calls, which never wait for those of clients. */
  readonly owner?: string;
  /** Turns of the client on the event loop, in which the response is parsed. @default none: whenever it arrives */
  readonly turns?: OwnTurns;
  /** Cancels a read at any time, a write only until it is sent. */
  readonly signal?: CancelSignal;
  /** A write runs to its end once it is sent. @default "read" */
  readonly intent?: "read" | "write";
  /** Ends a write that was sent; its effect is then unknown. */
  readonly abandonSignal?: CancelSignal;
  /** Makes of the response what its readers get. May throw SyntaxError. @default the parsed JSON */
  readonly shape?: (body: ResponseBody) => unknown;
  /** Asked directly before a write leaves: an error keeps it from leaving, and is what the call fails with. */
  readonly objection?: (() => Error | undefined) | undefined;
  /** Called when a write leaves: its first bytes are about to be written to a connection. */
  readonly onSent?: () => void;
  /** Span below which the call is traced. @default it is not */
  readonly trace?: TraceSpan | undefined;
  /** Additional secret to redact from error bodies, which may echo the request. The token always is. */
  readonly secret?: string;
}

/** Sends calls to CloudTower. */
export interface UpstreamCaller {
  /**
   * Sends one call and resolves with what `shape` makes of a 2xx response.
   *
   * @param token the raw token, without `Bearer`.
   * @throws UpstreamError for any other outcome, or the signal's reason if it aborted.
   */
  call(call: UpstreamCall, token?: string): Promise<unknown>;
}

/**
 * HTTP client for CloudTower, with one pool of keep-alive connections for the process.
 *
 * It knows nothing of retries, credentials or the meaning of calls; see `session.ts`.
 */
export class UpstreamClient implements UpstreamCaller {
  private readonly pool: Pool;
  private readonly basePath: string;
  private readonly largeBodies = largeBodyPermits();
  private readonly graphqlPath: string;
  /** Names and values in turns. */
  private readonly headers: readonly string[];
  /** Values of those headers that error bodies may echo. */
  private readonly secrets: readonly string[];
  private respondedAt = Number.NEGATIVE_INFINITY;

  constructor(options: UpstreamClientOptions) {
    this.pool = new Pool(options.url.origin, {
      connections: options.connections + RESERVED_CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      headersTimeout: options.silenceTimeoutMs,
      bodyTimeout: options.silenceTimeoutMs,
      maxResponseSize: options.maxResponseBytes,
      connect: { timeout: options.connectTimeoutMs, ca: options.ca, rejectUnauthorized: !options.insecure },
    });
    this.basePath = options.url.pathname.replace(/\/+$/, "") || USUAL_PATH;
    this.graphqlPath = `${this.basePath.replace(/\/v2\/api$/, "")}/api`;
    this.headers = Object.entries({ accept: "application/json", ...options.headers }).flat();
    this.secrets = Object.values(options.headers ?? {}).filter(isTelling);
  }

  /** Whether the configured address is that of CloudTower's REST API, as far as its path goes. */
  get isAtUsualPath(): boolean {
    return this.basePath === USUAL_PATH;
  }

  /**
   * When the head of the last response arrived, on the clock of `performance.now()`; -Infinity if none has. A 502, 503 or 504 does not
   * count: a proxy sends it for CloudTower.
   */
  get lastResponseAt(): number {
    return this.respondedAt;
  }

  async call(call: UpstreamCall, token?: string): Promise<unknown> {
    const { method = "POST", endpoint, body, api, owner = "", intent = "read", shape = json } = call;
    const signal = intent === "read" ? call.signal : call.abandonSignal;
    const basePath = api === "usual-path" ? USUAL_PATH : this.basePath;
    const path = api === "graphql" ? this.graphqlPath : `${basePath}/${endpoint}`;
    let left = false;
    let objection: Error | undefined;
    const mayLeave = () => {
      if (intent === "read") return true;
      if (call.signal?.aborted) return false;
      objection = call.objection?.();
      if (objection !== undefined) return false;
      left = true;
      call.onSent?.();
      return true;
    };
    const { largeBodies, onHead } = this;
    const receiver = new ResponseReceiver({ owner, largeBodies, signal, mayLeave, onHead });
    try {
      this.pool.dispatch({ method, path, headers: headersOf(call, token, this.headers), body }, receiver);
      const response = await receiver.response;
      const turn = call.turns?.take(response.body.length / BYTES_PER_MS);
      if (turn !== undefined) await turn;
      if (intent === "read" && signal?.aborted) throw signal.reason;
      if (response.statusCode >= 200 && response.statusCode < 300) return shaped(endpoint, response.body, shape);
      const redacted = redact(response.body.text, token, call.secret, ...this.secrets);
      throw new UpstreamError(endpoint, failureOfStatus(response.statusCode, redacted, response.headers));
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      if (objection !== undefined) throw objection;
      if (signal?.aborted) throw signal.reason;
      if (intent === "write" && !left && call.signal?.aborted) throw call.signal.reason;
      throw new UpstreamError(endpoint, failureOfTransport(error, intent === "read" || left ? "unknown" : "none"));
    } finally {
      receiver.release();
    }
  }

  /** Closes the connections; calls in flight fail. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private readonly onHead = (statusCode: number): void => {
    if (!isUnavailable(statusCode)) this.respondedAt = performance.now();
  };
}

/** Names and values in turns. */
function headersOf(
  { body, language, requestId, traceparent }: UpstreamRequest,
  token: string | undefined,
  fixed: readonly string[],
): string[] {
  const headers = fixed.slice();
  if (body !== undefined) headers.push("content-type", "application/json");
  if (token !== undefined) headers.push("authorization", token);
  if (language !== undefined) headers.push("content-language", language);
  if (requestId !== undefined) headers.push("x-request-id", requestId);
  if (traceparent !== undefined) headers.push("traceparent", traceparent);
  return headers;
}

function json(body: ResponseBody): unknown {
  return body.json();
}

function shaped(endpoint: string, body: ResponseBody, shape: (body: ResponseBody) => unknown): unknown {
  try {
    return shape(body);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const message = "CloudTower's response is not valid JSON.";
    const failure = { code: ErrorCode.UpstreamError, message, effect: "unknown", transient: false, cause } as const;
    throw new UpstreamError(endpoint, failure);
  }
}

/** Whether a value says something. One such as `1` or `true` is no secret, and replacing it would damage the text around it. */
function isTelling(value: string): boolean {
  return value.length > 3 && !/^(true|false|null|none)$/i.test(value);
}

/** The text with each secret in it replaced by `***`. */
function redact(text: string, ...secrets: (string | undefined)[]): string {
  return secrets.reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, "***") : rest), text);
}
