import type { IncomingMessage } from "node:http";
import { ErrorCode, TowerError } from "../kernel/errors.js";

/**
 * The JSON body of a request.
 *
 * @throws TowerError PAYLOAD_TOO_LARGE as soon as it is longer than allowed, BAD_USER_INPUT where it is not JSON.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new TowerError(ErrorCode.PayloadTooLarge, `expected a request of at most ${maxBytes} bytes, got more`);
    }
    chunks.push(chunk);
  }
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/(graphql\+)?json\b|^application\/[\w.-]+\+json\b/i.test(type)) return undefined;
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw new TowerError(ErrorCode.BadUserInput, "expected a JSON body, got something that is not JSON");
  }
}
