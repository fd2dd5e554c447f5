import type { IncomingMessage } from "node:http";
import { ErrorCode } from "../../kernel/errors.js";
import { badRequest, refusal } from "./refusal.js";

/**
 * The text of a request's body, which must be JSON in UTF-8.
 *
 * The request is not destroyed where it is refused, so that the answer can still be sent; the rest of it is not read.
 *
 * @throws Refusal 413 as soon as it is longer than allowed, 415 where it is compressed or no JSON, 400 where it is cut off.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  checkHeaders(request, maxBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = () => {
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      end();
      request.pause();
      reject(tooLarge(maxBytes));
    };
    const onEnd = () => {
      end();
      resolve(Buffer.concat(chunks).toString("utf8"));
    };
    const onClose = () => {
      end();
      reject(badRequest("expected a whole request, got a part"));
    };
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

/** Whether more was announced than is read. */
export function announcesTooMuch(request: IncomingMessage, maxBytes: number): boolean {
  return Number(request.headers["content-length"] ?? 0) > maxBytes;
}

function checkHeaders(request: IncomingMessage, maxBytes: number): void {
  if (announcesTooMuch(request, maxBytes)) throw tooLarge(maxBytes);
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw badRequest("expected a body that is not compressed, got one that is", 415, { "accept-encoding": "identity" });
  }
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/(graphql\+)?json\s*(;|$)/i.test(type)) {
    throw badRequest("expected the content type application/json, got another", 415, { accept: "application/json" });
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? "utf-8";
  if (!/^utf-?8$/i.test(charset)) throw badRequest("expected a body in UTF-8, got another charset", 415);
}

function tooLarge(maxBytes: number) {
  const message = `expected a request of at most ${maxBytes} bytes, got more`;
  return refusal(ErrorCode.PayloadTooLarge, message, { status: 413 });
}
