import { isUtf8 } from "node:buffer";

/**
 * Text of bytes in UTF-8, without a byte order mark; undefined if they are not UTF-8. Replacing what is malformed, as
 * `Buffer.toString` does, would make different texts equal.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : undefined;
}
