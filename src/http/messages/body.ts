import type { IncomingMessage } from "node:http";
import { ErrorCode } from "../../kernel/errors.js";
import { decodeUtf8 } from "../../kernel/text/decode-utf8.js";
import { quote } from "../../kernel/text/global-id.js";
import { badRequest, refusal } from "./refusal.js";

/** Bodies up to this size are not counted: a connection holds as much in any case. */
const SMALL_BYTES = 16 * 1024;

/**
 * Reads the body of a request, which must be JSON in UTF-8.
 *
 * A refused request is not destroyed, so that the response can still be sent; the rest of its body is not read.
 *
 * @param mayHold is called with the size received so far once it is above 16 KiB; false refuses the request.
 * @throws Refusal 413 as soon as the body exceeds the limit, 415 if it is compressed or not JSON, 400 if it is incomplete or
 * not UTF-8, 429 if it may not be held.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  mayHold: (bytes: number) => boolean = () => true,
): Promise<string> {
  checkHeaders(request, maxBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = () => {
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      const isHeld = size <= SMALL_BYTES || mayHold(size);
      if (size <= maxBytes && isHeld) return void chunks.push(chunk);
      end();
      request.pause();
      reject(isHeld ? tooLarge(maxBytes) : tooMuch());
    };
    const onEnd = () => {
      end();
      const text = decodeUtf8(Buffer.concat(chunks));
      if (text === undefined) reject(badRequest("The body is not valid UTF-8: encode it in UTF-8."));
      else resolve(text);
    };
    const onClose = () => {
      end();
      reject(badRequest("Incomplete request: the connection ended within the body."));
    };
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

/** Whether the Content-Length of a request exceeds the limit. */
export function isLengthTooLarge(request: IncomingMessage, maxBytes: number): boolean {
  return Number(request.headers["content-length"] ?? 0) > maxBytes;
}

function checkHeaders(request: IncomingMessage, maxBytes: number): void {
  if (isLengthTooLarge(request, maxBytes)) throw tooLarge(maxBytes);
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw badRequest(`Unsupported Content-Encoding ${quote(encoding)}: send the body uncompressed.`, 415, {
      "accept-encoding": "identity",
    });
  }
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/(graphql\+)?json\s*(;|$)/i.test(type)) {
    throw badRequest(`Content-Type must be application/json, got ${quote(type)}.`, 415, { accept: "application/json" });
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? "utf-8";
  if (!/^utf-?8$/i.test(charset)) throw badRequest(`The charset must be utf-8, got ${quote(charset)}.`, 415);
}

function tooMuch() {
  const message =
    "Too much data of this client, or of all, waits to be sent or handled (MAX_UNSENT_MIB_PER_CLIENT, MAX_UNSENT_MIB): send fewer requests at a time.";
  return refusal(ErrorCode.RateLimited, message, { status: 429 });
}

function tooLarge(maxBytes: number) {
  return refusal(ErrorCode.PayloadTooLarge, `Request too large: at most ${maxBytes} bytes.`, { status: 413 });
}
