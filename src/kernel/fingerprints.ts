import { createHash } from "node:crypto";

/** Longer texts are replaced by their hash. */
const MAX_TEXT_LENGTH = 200;

/**
 * Texts for JSON values that are equal for equal values alone: their JSON, or a hash in the place of long parts.
 *
 * Each object is walked once, however often it is asked for or is part of another, and until it is garbage. Objects must not change.
 */
export class Fingerprints {
  private readonly known = new WeakMap<object, string>();

  of(value: unknown): string {
    if (typeof value !== "object" || value === null) return shortened(JSON.stringify(value) ?? "null");
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const text = shortened(Array.isArray(value) ? this.ofList(value) : this.ofObject(value));
    this.known.set(value, text);
    return text;
  }

  private ofList(values: readonly unknown[]): string {
    return `[${values.map((value) => this.of(value)).join(",")}]`;
  }

  private ofObject(value: object): string {
    const given = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${given.map(([name, item]) => `${JSON.stringify(name)}:${this.of(item)}`).join(",")}}`;
  }
}

function shortened(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  // No JSON begins like this, so no short text is equal to a hash.
  return `#${createHash("sha256").update(text).digest("base64url")}`;
}
