import { IdDigest } from "../../../kernel/id-digest.js";
import { comparePlaces, type Mark, type Place } from "./event-cursor.js";

/** Something with a place in a list that is ordered by time, then by id. */
export interface Placed {
  readonly id: string;
  readonly place: Place;
  /** Whether its place is not its own: CloudTower gives it no time that counts, so that nobody else would find it there. */
  readonly isUndated: boolean;
}

/** Is told of what a timeline learns behind the place that it has reached. */
export interface Walker<E> {
  /** The place up to which it has read. */
  readonly place: Place;
  missed(entry: E): void;
}

/**
 * What is known of the newest part of a list, in its order. Bounded in time and number: what is older than `floor` has to be read from
 * CloudTower again.
 */
export class Timeline<E extends Placed> {
  private readonly entries: E[] = [];
  private readonly known = new Map<string, E>();
  private readonly walkers = new Set<Walker<E>>();
  /** Index of the first entry that may still get neighbors before it, and the digest of all from there. */
  private unsettledIndex = 0;
  private digest = new IdDigest();
  private last: Place;
  /** The last mark that did not reach to the end. */
  private held: Mark | undefined;
  private from: number;

  /**
   * @param newest the newest time in the list.
   * @param windows how long rows may become visible late, and how long entries are kept, in ms; `maxEntries` are kept at most.
   */
  constructor(
    newest: number,
    private readonly windows: { readonly lateMs: number; readonly keptMs: number; readonly maxEntries: number },
  ) {
    this.last = { at: newest, id: "" };
    this.from = newest - windows.keptMs;
  }

  /** All entries of this time and later are kept. */
  get floor(): number {
    return this.from;
  }

  /** The last place. */
  get end(): Place {
    return this.last;
  }

  get size(): number {
    return this.entries.length;
  }

  /** How far everything that is kept has been delivered: to its end. */
  get mark(): Mark {
    return { ...this.last, unsettled: this.last.at - this.windows.lateMs, digest: this.digest.copy() };
  }

  get(id: string): E | undefined {
    return this.known.get(id);
  }

  values(): Iterable<E> {
    return this.entries;
  }

  /** Adds an entry, which the walkers that have passed its place are told of. One older than the floor is not kept. */
  add(entry: E): void {
    if (this.known.has(entry.id)) this.remove(entry.id);
    for (const walker of this.walkers) if (comparePlaces(entry.place, walker.place) <= 0) walker.missed(entry);
    if (entry.place.at < this.from) return;
    this.changed(entry);
    const index = this.indexAfter(entry.place);
    this.entries.splice(index, 0, entry);
    this.known.set(entry.id, entry);
    if (index < this.unsettledIndex) this.unsettledIndex += 1;
    else this.toggle(entry);
    if (comparePlaces(entry.place, this.last) > 0) this.last = entry.place;
    this.settle();
  }

  /** Moves the end to a later time, although there is no entry of it. */
  advance(at: number): void {
    if (at <= this.last.at) return;
    this.last = { at, id: "" };
    this.settle();
  }

  remove(id: string): void {
    const entry = this.known.get(id);
    if (entry === undefined) return;
    this.changed(entry);
    const index = this.indexAfter(entry.place) - 1;
    this.entries.splice(index, 1);
    this.known.delete(id);
    if (index < this.unsettledIndex) this.unsettledIndex -= 1;
    else this.toggle(entry);
  }

  /** The first entry after a place. */
  next(place: Place): E | undefined {
    return this.entries[this.indexAfter(place)];
  }

  /** How far everything before `hold` has been delivered; everything that is kept if it is undefined. */
  markBefore(hold: number | undefined): Mark {
    if (hold === undefined || hold > this.last.at) return this.mark;
    const since = this.last.at - this.windows.lateMs;
    const { held } = this;
    if (held !== undefined && held.at === hold && since - held.unsettled < SPARE_MS) return held;
    const unsettled = Math.min(since, hold);
    const place = { at: hold, id: "" };
    this.held = { ...place, unsettled, digest: this.digestOf(unsettled, place) };
    return this.held;
  }

  /** The digest of the kept entries of a time and later, up to a place. */
  digestOf(unsettled: number, place: Place): IdDigest {
    const digest = new IdDigest();
    const end = this.indexAfter(place);
    for (let index = this.indexAfter({ at: Math.max(unsettled, this.from), id: "" }); index < end; index += 1) {
      const { id, isUndated } = this.entries[index] as E;
      if (!isUndated) digest.toggle(id);
    }
    return digest;
  }

  /** Whether rows of this time may still become visible. */
  mayBeLate(at: number): boolean {
    return at >= this.last.at - this.windows.lateMs;
  }

  join(walker: Walker<E>): void {
    this.walkers.add(walker);
  }

  leave(walker: Walker<E>): void {
    this.walkers.delete(walker);
  }

  private changed({ place }: E): void {
    if (this.held !== undefined && place.at < this.held.at) this.held = undefined;
  }

  private settle(): void {
    const { lateMs, keptMs, maxEntries } = this.windows;
    for (; this.unsettledIndex < this.entries.length; this.unsettledIndex += 1) {
      const entry = this.entries[this.unsettledIndex] as E;
      if (entry.place.at >= this.last.at - lateMs) break;
      this.toggle(entry);
    }
    this.from = Math.max(this.from, this.last.at - keptMs);
    if (this.entries.length > maxEntries) {
      this.from = Math.max(this.from, (this.entries[this.entries.length - maxEntries] as E).place.at + 1);
    }
    const old = this.indexAfter({ at: this.from, id: "" });
    // In portions: removing from the front moves everything.
    if (old < TRIM && this.entries.length <= maxEntries) return;
    for (const entry of this.entries.splice(0, old)) this.forget(entry);
  }

  private forget(entry: E): void {
    this.known.delete(entry.id);
    if (this.unsettledIndex > 0) this.unsettledIndex -= 1;
    else this.toggle(entry);
  }

  private toggle({ id, isUndated }: E): void {
    if (!isUndated) this.digest.toggle(id);
  }

  /** Number of entries up to a place. */
  private indexAfter(place: Place): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePlaces((this.entries[middle] as E).place, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Number of old entries that are removed together. */
const TRIM = 256;
/** A mark that is held back reaches back up to this much further than it has to, so that it need not be made anew each time. */
const SPARE_MS = 60_000;
