/** Deterministic randomness: the same seed gives the same inventory, and the same ids, on every machine. */

/** A small seeded generator (mulberry32) with the shapes of identifiers that CloudTower uses. */
export class Random {
  private state: number;
  private ids = 0;
  /** Identifiers are put together byte by byte: joined strings would take three times the memory in a large inventory. */
  private readonly bytes = Buffer.alloc(64);

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number between both bounds, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items. Throws a RangeError for an empty list. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.int(0, items.length - 1)] as T;
  }

  /** Up to 64 hexadecimal digits. */
  hex(digits: number): string {
    this.fill(0, digits, 16);
    return this.bytes.toString("latin1", 0, digits);
  }

  /** A version 4 UUID, as storage and hypervisor name things. */
  uuid(): string {
    this.fill(0, 36, 16);
    for (const dash of [8, 13, 18, 23]) this.bytes[dash] = "-".charCodeAt(0);
    this.bytes[14] = "4".charCodeAt(0);
    this.bytes[19] = "89ab".charCodeAt(this.bits() & 3);
    return this.bytes.toString("latin1", 0, 36);
  }

  /** A cuid, as CloudTower names its rows. Later ones sort behind earlier ones. */
  id(): string {
    const index = this.ids++;
    this.bytes[0] = "c".charCodeAt(0);
    this.number(firstIdTime + Math.floor(index / 64), 1, 8);
    this.number(index % 36 ** 4, 9, 4);
    for (let at = 0; at < 4; at++) this.bytes[13 + at] = "0822".charCodeAt(at);
    this.fill(17, 8, 36);
    return this.bytes.toString("latin1", 0, 25);
  }

  /** A MAC address of the range that ELF hands out. */
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
