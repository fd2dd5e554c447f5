import { randomUUID } from "node:crypto";

/** The client's request id if it is well-formed, or a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && /^[\w-]{1,64}$/.test(header) ? header : randomUUID();
}
