import type { Random } from "../../abuse/support/seeded.js";

/** Names of members; some have a special meaning in JavaScript, some the lengths at which the reader's code differs. */
const NAMES = [
  ...["id", "name", "vcpu", "memory", "status", "vm_disks", "local_created_at", "i", "idx", "nam", "0", "12", ""],
  ...["__proto__", "constructor", "toString", "姓名"],
  ...[13, 14, 15, 29, 30, 31, 44, 45, 46, 47, 70].map((length) => "k".repeat(length)),
];
const STRINGS = [
  ...["", "a", "RUNNING", "76000000-7c1d-4b7e-9f3a-000000000000", 'with "quotes"', "back\\slash", "ends with \\"],
  ...["tab\tnew\nline", "虚拟机", "naïve", "🚀 astral", "\u2028\u2029", "\ud800 lone", "\u0000\u001f\u007f", "1e999"],
  ...[',"id":"no"', '},{"id":', "[{", "é".repeat(20), "placeholder-0d6d1a4e-8f57-4f6c-9c0e-3a8f6f0b4f11"],
  ...[14, 15, 16, 17, 31, 32, 33, 300].map((length) => "x".repeat(length)),
];
const NUMBERS = [
  ...["0", "-0", "1", "-1", "9", "10", "42", "1.5", "-0.25", "0.1", "1e5", "1E+5", "1e-7", "2.5E-3", "1e99", "1e-99"],
  ...["123456789012345", "1234567890123456", "12345678901234567", "9007199254740993", "18446744073709551615"],
  ...["-9223372036854775808", `0.${"3".repeat(30)}`, "1".repeat(90)],
  // Infinite, or nearly so.
  ...["1e308", "1e309", "1e999", "-1e999", "1e-400", "1".repeat(120), `1${"0".repeat(400)}`],
];
/** What a text is spoiled with. */
const BITS = [
  ...[
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "0",
    "-",
    ".",
    "e",
    "E",
    "+",
    "1",
    "t",
    "true",
    "nul",
    "null",
  ],
  ...["\\u12", "\\u12g4", "\\x", "\u0001", "\u0000", "\u007f", "\x80", "\xff", "\xef\xbb\xbf", '""', ",,", "{}", "[]"],
  ...['\\"', "\\\\", "/*", "NaN", "01", "1.", ".5", "1e", "\xa0", "\x0b", "\x0c", "tru", "nulx", "fals1", "trux"],
];
const SPACES = [" ", "\n", "\t", "\r", "  ", "\r\n    ", " ".repeat(20)];
const DEPTHS = [3, 62, 63, 64, 65, 66, 200];

/** Random JSON texts: mostly lists of rows, with everything that JSON allows, and spoiled ones. */
export class JsonTexts {
  /** Probability of white space at each place that allows it. */
  private spacing = 0;

  constructor(private readonly random: Random) {}

  /** Names of columns that texts may have. */
  columns(): string[] {
    return [...new Set(this.some(6, () => this.random.pick(NAMES)))];
  }

  /** The bytes of a valid text. */
  valid(): Buffer {
    this.spacing = this.chance(0.3) ? this.random.below(100) / 100 : 0;
    const text = this.chance(0.02) ? this.value(0) : this.list();
    return Buffer.from(this.chance(0.03) ? `\ufeff${text}` : text);
  }

  /** A text like another, with up to three faults. It may still be valid. */
  spoiled(bytes: Buffer): Buffer {
    let spoiled = bytes;
    for (const fault of this.some(3, () => this.random.below(6))) {
      const at = this.random.below(spoiled.length + 1);
      const [before, after] = [spoiled.subarray(0, at), spoiled.subarray(at)];
      const bit = Buffer.from(this.random.pick(BITS), "latin1");
      const from = this.random.below(spoiled.length + 1);
      spoiled = [
        () => before,
        () => Buffer.concat([before, bit, after]),
        () => Buffer.concat([before, after.subarray(1 + this.random.below(3))]),
        () => Buffer.concat([before, Buffer.of(this.random.below(256)), after.subarray(1)]),
        () => Buffer.concat([before, bit, after.subarray(bit.length)]),
        () => Buffer.concat([before, spoiled.subarray(from, from + this.random.below(30)), after]),
      ][fault]?.() as Buffer;
    }
    return spoiled;
  }

  private list(): string {
    const names = this.some(14, () => this.random.pick(NAMES));
    const rows = Array.from({ length: this.random.below(7) }, () => this.row(names));
    return `${this.space()}[${this.space()}${this.join(rows)}${this.space()}]${this.space()}`;
  }

  private row(names: readonly string[]): string {
    const kind = this.random.below(40);
    if (kind === 0) return this.value(2);
    let own = [...names];
    if (kind < 5) own = own.filter(() => this.chance(0.7));
    else if (kind < 8) own.sort(() => this.random.below(2) - 0.5);
    else if (kind < 12) own.push(this.random.pick(NAMES));
    else if (kind === 12) own = [];
    return this.object(own, () => (this.chance(0.005) ? nested(this.random.pick(DEPTHS)) : this.value(0)));
  }

  private object(names: readonly string[], value: () => string): string {
    const members = names.map((name) => {
      const text = this.chance(0.005) ? this.string(name) : JSON.stringify(name);
      return `${text}${this.space()}:${this.space()}${value()}`;
    });
    return `{${this.space()}${this.join(members)}${this.space()}}`;
  }

  private value(depth: number): string {
    const kind = this.random.below(10);
    if (kind < 4) return this.string(this.random.pick(STRINGS) + (this.chance(0.1) ? this.random.pick(STRINGS) : ""));
    if (kind < 6) return this.random.pick(this.chance(0.95) ? NUMBERS.slice(0, -7) : NUMBERS);
    if (kind < 8 || depth > 4) return this.random.pick(["null", "true", "false"]);
    if (kind < 9) return this.object(this.names(), () => this.value(depth + 1));
    const items = this.names().map(() => this.value(depth + 1));
    return `[${this.space()}${this.join(items)}${this.space()}]`;
  }

  private names(): string[] {
    return this.some(4, () => this.random.pick(NAMES)).slice(1);
  }

  /** A text as JSON, seldom with more escapes than needed. */
  private string(text: string): string {
    if (this.chance(0.9)) return JSON.stringify(text);
    const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
  }

  private join(parts: readonly string[]): string {
    return parts.join(`${this.space()},${this.space()}`);
  }

  private space(): string {
    return this.spacing > 0 && this.chance(this.spacing) ? this.random.pick(SPACES) : "";
  }

  private chance(probability: number): boolean {
    return this.random.below(1000) < probability * 1000;
  }

  /** Between one and `max` of something. */
  private some<T>(max: number, create: () => T): T[] {
    return Array.from({ length: 1 + this.random.below(max) }, create);
  }
}

/** Lists in lists. */
export function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
