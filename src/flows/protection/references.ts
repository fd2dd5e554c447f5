/** The references in a column of a VM's row, odd ones included; what is no list counts as one odd reference, null as none. */
export function referencesIn(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The id that a reference names; undefined if it is odd. */
export function idOf(reference: unknown): string | undefined {
  return textOf(reference, "id");
}

/** The name of what a reference names, else its id; undefined if it has neither. */
export function labelOf(reference: unknown): string | undefined {
  return textOf(reference, "name") ?? idOf(reference);
}

function textOf(reference: unknown, column: "id" | "name"): string | undefined {
  if (typeof reference !== "object" || reference === null) return undefined;
  const text = (reference as Record<string, unknown>)[column];
  return typeof text === "string" && text !== "" ? text : undefined;
}
