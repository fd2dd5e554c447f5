import { randomUUID } from "node:crypto";

/** The client's own request id where it is a harmless one, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && /^[\w-]{1,64}$/.test(header) ? header : randomUUID();
}
