import { createHash } from "node:crypto";

/** What happens to operations that are not listed: `allow` runs them, `warn` logs them too, `enforce` refuses them. */
export type SafelistMode = "allow" | "warn" | "enforce";

/** Operations that are known beforehand. */
export interface Safelist {
  readonly mode: SafelistMode;
  /** By their ids, and by the SHA-256 of their texts. */
  readonly byId: ReadonlyMap<string, string>;
  /** Their texts, without white space around them. */
  readonly texts: ReadonlySet<string>;
}

/**
 * Reads a safelist: a JSON object of ids and texts (as Relay's compiler writes it), a list of texts, or Apollo's manifest.
 *
 * @throws Error that says what was expected.
 */
export function parseSafelist(json: string, mode: SafelistMode): Safelist {
  const byId = new Map<string, string>();
  for (const [id, text] of entriesOf(JSON.parse(json))) {
    if (typeof text !== "string") throw new Error("expected the text of each operation to be a string");
    byId.set(createHash("sha256").update(text).digest("hex"), text);
    if (id !== undefined) byId.set(id, text);
  }
  return { mode, byId, texts: new Set([...byId.values()].map((text) => text.trim())) };
}

function entriesOf(value: unknown): [id: string | undefined, text: unknown][] {
  if (Array.isArray(value)) return value.map((text) => [undefined, text]);
  if (typeof value !== "object" || value === null) throw new Error("expected a JSON object or list of operations");
  const { operations } = value as { operations?: unknown };
  if (!Array.isArray(operations)) return Object.entries(value);
  return operations.map((operation: { id?: string; body?: unknown }) => [operation.id, operation.body]);
}
