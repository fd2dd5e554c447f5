import { createHash } from "node:crypto";

/** Treatment of unlisted operations: `allow` runs them, `warn` runs and logs them, `enforce` refuses them. */
export type SafelistMode = "allow" | "warn" | "enforce";

/** Operations that are known in advance. */
export interface Safelist {
  readonly mode: SafelistMode;
  /** Texts by id and by SHA-256. */
  readonly byId: ReadonlyMap<string, string>;
  /** Trimmed texts. */
  readonly texts: ReadonlySet<string>;
}

/**
 * Reads a safelist: a JSON object of texts by id (as Relay's compiler writes it), a list of texts, or Apollo's manifest.
 *
 * @throws Error that completes "the file ...", or SyntaxError if it is not JSON.
 */
export function parseSafelist(json: string, mode: SafelistMode): Safelist {
  const byId = new Map<string, string>();
  for (const [id, text] of entriesOf(JSON.parse(json))) {
    if (typeof text !== "string") throw new Error("must have a string as the text of each operation");
    byId.set(createHash("sha256").update(text).digest("hex"), text);
    if (id !== undefined) byId.set(id, text);
  }
  return { mode, byId, texts: new Set([...byId.values()].map((text) => text.trim())) };
}

function entriesOf(value: unknown): [id: string | undefined, text: unknown][] {
  if (Array.isArray(value)) return value.map((text) => [undefined, text]);
  if (typeof value !== "object" || value === null) throw new Error("must be a JSON object or list of operations");
  const { operations } = value as { operations?: unknown };
  if (!Array.isArray(operations)) return Object.entries(value);
  return operations.map((operation) => {
    const { id, body } = Object(operation) as { id?: string; body?: unknown };
    return [id, body];
  });
}
