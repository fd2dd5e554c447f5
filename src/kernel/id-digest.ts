/**
 * A digest of a set of ids, regardless of their order: 64 bits, so that two different sets practically never have the same. Adding an id
 * twice removes it again.
 */
export class IdDigest {
  private high = 0;
  private low = 0;

  /** Adds an id, or removes it if it is in the set. */
  toggle(id: string): void {
    this.high ^= hash(id, HIGH_SEED);
    this.low ^= hash(id, LOW_SEED);
  }

  copy(): IdDigest {
    const copy = new IdDigest();
    copy.high = this.high;
    copy.low = this.low;
    return copy;
  }

  toString(): string {
    return `${(this.high >>> 0).toString(36)}.${(this.low >>> 0).toString(36)}`;
  }

  /** The digest that `toString` has written; undefined if it is none. */
  static parse(text: string): IdDigest | undefined {
    const match = /^([0-9a-z]{1,7})\.([0-9a-z]{1,7})$/.exec(text);
    if (match === null) return undefined;
    const digest = new IdDigest();
    digest.high = Number.parseInt(match[1] as string, 36) | 0;
    digest.low = Number.parseInt(match[2] as string, 36) | 0;
    return digest;
  }
}

const HIGH_SEED = 0x811c9dc5;
const LOW_SEED = 0x1b873593;

/** FNV-1a with a final mix. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
