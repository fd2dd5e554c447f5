import { randomUUID } from "node:crypto";

/** The client's request id if it is well-formed, or a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && /^[\w-]{1,64}$/.test(header) ? header : flat(randomUUID());
}

/** The same text in one piece: Node concatenates a UUID, and its pieces would take 400 bytes as long as a subscription lives. */
function flat(text: string): string {
  return Buffer.from(text).toString("latin1");
}
