/** Seeded random generator (mulberry32) with CloudTower's kinds of identifiers. The same seed gives the same values on every machine. */
export class Random {
  private state: number;
  private ids = 0;
  /** Identifiers are assembled byte by byte: concatenated strings would take three times the memory in a large inventory. */
  private readonly bytes = Buffer.alloc(64);

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** An integer between both bounds, inclusive. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** True with the given probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items. Throws a RangeError for an empty list. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.int(0, items.length - 1)] as T;
  }

  /** A string of up to 64 hexadecimal digits. */
  hex(digits: number): string {
    this.fill(0, digits, 16);
    return this.bytes.toString("latin1", 0, digits);
  }

  /** A version 4 UUID, as storage and hypervisor use for ids. */
  uuid(): string {
    this.fill(0, 36, 16);
    for (const dash of [8, 13, 18, 23]) this.bytes[dash] = "-".charCodeAt(0);
    this.bytes[14] = "4".charCodeAt(0);
    this.bytes[19] = "89ab".charCodeAt(this.bits() & 3);
    return this.bytes.toString("latin1", 0, 36);
  }

  /** A cuid, as CloudTower uses for row ids. They sort in the order of creation. */
  id(): string {
    const index = this.ids++;
    this.bytes[0] = "c".charCodeAt(0);
    this.number(firstIdTime + Math.floor(index / 64), 1, 8);
    this.number(index % 36 ** 4, 9, 4);
    for (let at = 0; at < 4; at++) this.bytes[13 + at] = "0822".charCodeAt(at);
    this.fill(17, 8, 36);
    return this.bytes.toString("latin1", 0, 25);
  }

  /** A MAC address in ELF's range. */
  mac(): string {
    return `52:54:00:${this.hex(6).replace(/(..)(..)(..)/, "$1:$2:$3")}`;
  }

  private fill(start: number, length: number, radix: number): void {
    for (let at = start; at < start + length; at++) this.bytes[at] = digits.charCodeAt((this.bits() >>> 8) % radix);
  }

  private number(value: number, start: number, length: number): void {
    for (let at = start + length - 1, rest = value; at >= start; at--, rest = Math.floor(rest / 36)) {
      this.bytes[at] = digits.charCodeAt(rest % 36);
    }
  }

  private bits(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

const digits = "0123456789abcdefghijklmnopqrstuvwxyz";

const firstIdTime = Date.UTC(2024, 0, 15);
