import type { Dispatcher } from "undici";
import { type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { asError } from "../../kernel/errors.js";
import { ResponseBody } from "../rows/response-body.js";
import { FairSemaphore } from "./fair-semaphore.js";

/** A body of this size is received without a permit. */
const SMALL_BODY_BYTES = 4 * 1024 * 1024;
/** Maximum number of larger bodies at a time; a single owner can have one less. */
const LARGE_BODIES = 3;

/** Permits for large bodies: of those, a few at a time are received further and parsed, which bounds their memory. */
export function largeBodyPermits(): FairSemaphore {
  return new FairSemaphore({ permits: LARGE_BODIES, maxQueued: Number.POSITIVE_INFINITY });
}

/** A response with its whole body. */
export interface ReceivedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: ResponseBody;
}

/** Options for receiving a response. */
export interface ReceiverOptions {
  /** Whom a large body is counted for. */
  readonly owner: string;
  readonly largeBodies: FairSemaphore;
  /** Ends the request, sent or not. */
  readonly signal: CancelSignal | undefined;
  /**
   * Called when a connection is there and the request is about to be written to it; before that, nothing can have an effect. If it returns
   * false, the request is not written.
   */
  readonly mayLeave: () => boolean;
  /** Called when the head arrives. */
  readonly onHead: (statusCode: number) => void;
}

/**
 * Receives the response to one request, as undici's handler of it.
 *
 * The body is kept in the pieces in which it arrives. When it turns out to be large, its connection is paused until there is a permit;
 * `release` returns it.
 */
export class ResponseReceiver implements Dispatcher.DispatchHandler {
  /** The response, or the error of the transport, or the signal's reason. */
  readonly response: Promise<ReceivedResponse>;
  private resolve!: (response: ReceivedResponse) => void;
  private reject!: (error: unknown) => void;
  private readonly stopListening: (() => void) | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private cancelled: Error | undefined;
  private statusCode = 0;
  private headers: ReceivedResponse["headers"] = {};
  private readonly pieces: Uint8Array[] = [];
  private bytes = 0;
  private permit: "none" | "awaited" | "held" | "released" = "none";

  constructor(private readonly options: ReceiverOptions) {
    this.response = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const { signal } = options;
    this.stopListening = signal && onAbort(signal, () => this.cancel(signal.reason));
  }

  /** Must be called when the body is no longer needed. Safe to call twice. */
  release(): void {
    this.stopListening?.();
    if (this.permit === "held") this.options.largeBodies.release(this.options.owner);
    this.permit = "released";
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.cancelled !== undefined) controller.abort(this.cancelled);
    else if (!this.options.mayLeave()) controller.abort(new Error("The write was cancelled before it left."));
  }

  onResponseStart(_: unknown, statusCode: number, headers: ReceivedResponse["headers"]): void {
    // Not an informational response, which others follow.
    if (statusCode < 200) return;
    this.statusCode = statusCode;
    this.headers = headers;
    this.options.onHead(statusCode);
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Uint8Array): void {
    this.pieces.push(piece);
    this.bytes += piece.length;
    if (this.bytes > SMALL_BODY_BYTES && this.permit === "none") this.acquire(controller);
  }

  onResponseEnd(): void {
    const { statusCode, headers } = this;
    this.resolve({ statusCode, headers, body: new ResponseBody(this.pieces) });
  }

  onResponseError(_: unknown, error: Error): void {
    this.reject(error);
  }

  private acquire(controller: Dispatcher.DispatchController): void {
    const { largeBodies, owner, signal } = this.options;
    const granted = largeBodies.acquire(owner, signal);
    if (granted === undefined) {
      this.permit = "held";
      return;
    }
    this.permit = "awaited";
    controller.pause();
    granted.then(
      () => {
        // The request may have failed in the meantime.
        if (this.permit === "released") largeBodies.release(owner);
        else this.permit = "held";
        controller.resume();
      },
      (error: unknown) => controller.abort(asError(error)),
    );
  }

  private cancel(reason: unknown): void {
    this.cancelled = asError(reason);
    this.reject(reason);
    this.controller?.abort(this.cancelled);
  }
}
