import { Pool } from "undici";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { ErrorCode } from "../../kernel/errors.js";
import { EventLoopThrottle } from "../../kernel/event-loop-throttle.js";
import { failureOfStatus, failureOfTransport, UpstreamError } from "../upstream-error.js";

/** To parse an answer of more characters takes a millisecond or more. */
const LARGE_ANSWER = 128 * 1024;

/** Languages of CloudTower's task descriptions and messages. */
export type Language = "en-US" | "zh-CN";

/** How CloudTower is reached. */
export interface UpstreamClientOptions {
  /** Address of the API, such as `https://tower.example/v2/api`. */
  readonly url: URL;
  /** PEM text of the certificate authority that signed CloudTower's certificate. */
  readonly ca?: string;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Most connections at once. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Longest silence of CloudTower while a call is under way. */
  readonly silenceTimeoutMs: number;
  /** Answers above this size are refused. */
  readonly maxAnswerBytes: number;
}

/** One call; what it says of the caller is only sent, never kept. */
export interface UpstreamCall {
  readonly method?: "GET" | "POST";
  /** Name in the URL, such as `get-vms`. */
  readonly endpoint: string;
  /** JSON text. */
  readonly body?: string;
  /** The raw token, without `Bearer`. */
  readonly token?: string;
  readonly language?: Language;
  readonly requestId?: string;
  /** Whose call it is, when several wait for their turn. */
  readonly owner?: string;
  /** Cancels a read at any time; a write only until it is sent. */
  readonly signal?: CancelSignal;
  /** A write is followed to its end once it was sent. Default: read. */
  readonly intent?: "read" | "write";
  /** Ends a write that was sent; it is then not known what became of it. */
  readonly giveUp?: CancelSignal;
  /** Makes of the parsed answer what is kept of it, before anybody waits for it. */
  readonly shape?: (answer: unknown) => unknown;
  /** Called when the call leaves the gateway. */
  readonly onSent?: () => void;
  /** What besides the token must not come back in an error: CloudTower might quote it. */
  readonly secret?: string;
}

/** Whoever sends calls. */
export interface UpstreamCaller {
  /**
   * Sends one call and gives the parsed JSON of a 2xx answer.
   *
   * @throws UpstreamError for every other outcome, and the signal's reason when it was aborted.
   */
  call(call: UpstreamCall): Promise<unknown>;
}

/**
 * Speaks HTTP to CloudTower: one pool of kept-alive connections for the whole process.
 *
 * It knows nothing of retries, credentials or meanings; see `session.ts`.
 */
export class UpstreamClient implements UpstreamCaller {
  private readonly pool: Pool;
  private readonly basePath: string;
  private readonly largeAnswers = new EventLoopThrottle();

  constructor(options: UpstreamClientOptions) {
    this.pool = new Pool(options.url.origin, {
      connections: options.connections,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      headersTimeout: options.silenceTimeoutMs,
      bodyTimeout: options.silenceTimeoutMs,
      maxResponseSize: options.maxAnswerBytes,
      connect: { timeout: options.connectTimeoutMs, ca: options.ca, rejectUnauthorized: !options.insecure },
    });
    this.basePath = options.url.pathname.replace(/\/+$/, "") || "/v2/api";
  }

  async call({ method = "POST", endpoint, body, token, language, ...rest }: UpstreamCall): Promise<unknown> {
    const { requestId, intent = "read", onSent, secret, shape = whole } = rest;
    const signal = intent === "read" ? rest.signal : rest.giveUp;
    const headers: Record<string, string> = { accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (token !== undefined) headers.authorization = token;
    if (language !== undefined) headers["content-language"] = language;
    if (requestId !== undefined) headers["x-request-id"] = requestId;
    onSent?.();
    try {
      const answer = await this.pool.request({ method, path: `${this.basePath}/${endpoint}`, headers, body, signal });
      const text = await answer.body.text();
      if (text.length > LARGE_ANSWER) await this.largeAnswers.acquire();
      if (intent === "read" && signal?.aborted) throw signal.reason;
      if (answer.statusCode >= 200 && answer.statusCode < 300) return shape(parseJson(endpoint, text));
      const told = without(text, token, secret);
      throw new UpstreamError(endpoint, failureOfStatus(answer.statusCode, told, answer.headers));
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      if (signal?.aborted) throw signal.reason;
      throw new UpstreamError(endpoint, failureOfTransport(error));
    }
  }

  /** Ends the connections; calls under way fail. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

function whole(answer: unknown): unknown {
  return answer;
}

/** The text of an error in which CloudTower may have quoted what it was sent. */
function without(text: string, ...secrets: (string | undefined)[]): string {
  return secrets.reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, "***") : rest), text);
}

function parseJson(operation: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = "CloudTower's answer is not JSON";
    const failure = { code: ErrorCode.UpstreamError, message, effect: "unknown", transient: false, cause } as const;
    throw new UpstreamError(operation, failure);
  }
}
