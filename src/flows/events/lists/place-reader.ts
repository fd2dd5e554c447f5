import { IdDigest } from "../../../kernel/id-digest.js";
import type { Entity } from "../../../upstream/wire/types.js";
import { lagged, MAX_LAG } from "../event-stream.js";
import { comparePlaces, type Mark, type Place } from "./event-cursor.js";
import type { TimePage } from "./time-pages.js";
import type { Placed, Timeline, Walker } from "./timeline.js";

/** Reads some entries of a list from CloudTower, after a place and before a time. */
export type ReadEntries<T> = (
  after: Place,
  until: number,
) => Promise<{ entries: readonly T[]; next: Place | undefined }>;

/**
 * Reads a list from a place to its end: what is no longer in the timeline from CloudTower, page by page, the rest from the timeline. What
 * becomes visible behind the place in the meantime is read as well.
 */
export class PlaceReader<T extends Placed> implements Walker<T> {
  place: Place;
  private unsettled: number;
  private readonly digest: IdDigest;
  private page: { readonly entries: readonly T[]; readonly next: Place; index: number } | undefined;
  private late: T[] = [];
  private tooLate = false;

  /** @param mark where to begin; what is before it was delivered. */
  constructor(
    private readonly timeline: Timeline<T>,
    private readonly readEntries: ReadEntries<T>,
    mark: Mark,
  ) {
    this.place = { at: mark.at, id: mark.id };
    // What is older than the gateway looks for late rows has settled.
    const isSettled = !timeline.mayBeLate(mark.at);
    this.unsettled = isSettled ? timeline.mark.unsettled : mark.unsettled;
    this.digest = isSettled ? new IdDigest() : mark.digest.copy();
    timeline.join(this);
  }

  /** How far the list was read. */
  get mark(): Mark {
    return { ...this.place, unsettled: this.unsettled, digest: this.digest.copy() };
  }

  get isAtEnd(): boolean {
    return this.late.length === 0 && !this.tooLate && !this.isBehind && this.timeline.next(this.place) === undefined;
  }

  missed(entry: T): void {
    if (this.late.length >= MAX_LAG) this.tooLate = true;
    else this.late.push(entry);
  }

  /**
   * The next entry; undefined at the end, or after a page without one.
   *
   * @param cursor for the error of a reader that misses too much.
   */
  async next(cursor: () => string): Promise<T | undefined> {
    if (this.tooLate) throw lagged(cursor());
    const late = this.late.shift();
    if (late !== undefined) return this.taken(late);
    if (!this.isBehind) {
      const entry = this.timeline.next(this.place);
      if (entry !== undefined) {
        this.place = entry.place;
        this.taken(entry);
      }
      return entry;
    }
    this.page ??= await this.nextPage();
    const { entries, index, next } = this.page;
    const entry = entries[index];
    this.page.index += 1;
    // The log may have begun to keep what is on the page: it is read only once.
    if (entry !== undefined && comparePlaces(entry.place, this.place) > 0) {
      this.place = entry.place;
      return this.taken(entry);
    }
    if (index >= entries.length) {
      this.page = undefined;
      if (comparePlaces(next, this.place) > 0) this.place = next;
      return undefined;
    }
    return this.next(cursor);
  }

  /** Safe to call twice. */
  close(): void {
    this.timeline.leave(this);
    this.page = undefined;
    this.late = [];
  }

  /** Whether the place is before what the timeline keeps. */
  private get isBehind(): boolean {
    return this.place.at < this.timeline.floor;
  }

  private async nextPage() {
    const { floor } = this.timeline;
    // The floor rises with each event: a coarser limit lets streams that resume at the same place share their pages.
    const coarse = floor - (floor % COARSE_MS);
    const until = coarse > this.place.at ? coarse : floor;
    const { entries, next = { at: until, id: "" } } = await this.readEntries(this.place, until);
    return { entries, next, index: 0 };
  }

  private taken(entry: T): T {
    if (entry.place.at >= this.unsettled && !entry.isUndated) this.digest.toggle(entry.id);
    return entry;
  }
}

/**
 * Where to read on after a mark: at the mark, if nothing has become visible behind it, else where it was not settled yet: what follows
 * was perhaps delivered before.
 */
export async function resumedAt<T extends Placed>(
  mark: Mark,
  timeline: Timeline<T>,
  readEntries: ReadEntries<T>,
): Promise<Mark> {
  const digest = timeline.digestOf(mark.unsettled, mark);
  let after: Place | undefined = { at: mark.unsettled, id: "" };
  while (after !== undefined && after.at < timeline.floor && comparePlaces(after, mark) < 0) {
    const page: { entries: readonly T[]; next: Place | undefined } = await readEntries(after, timeline.floor);
    for (const { id, place } of page.entries) if (comparePlaces(place, mark) <= 0) digest.toggle(id);
    after = page.next;
  }
  if (String(digest) === String(mark.digest)) return mark;
  return { at: mark.unsettled, id: "", unsettled: mark.unsettled, digest: new IdDigest() };
}

/** The pages of a list, read one at a time and shared by those that read the same. */
export class SharedPages<E extends Entity, T> {
  private readonly pages = new Map<string, Promise<{ entries: readonly T[]; next: Place | undefined }>>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly read: (after: Place, until: number) => Promise<TimePage<E>>,
    private readonly entryOf: (row: TimePage<E>["rows"][number]) => T,
    /** Adds what else is read of the entries. @default nothing */
    private readonly complete: (entries: readonly T[]) => Promise<void> = async () => {},
  ) {}

  /** A page whose entries are not complete; not kept. */
  readonly getBare: ReadEntries<T> = async (after, until) => {
    const { rows, next } = await this.read(after, until);
    return { entries: rows.map(this.entryOf), next };
  };

  readonly get: ReadEntries<T> = (after, until) => {
    const key = `${after.at} ${after.id} ${until}`;
    const known = this.pages.get(key);
    if (known !== undefined) return known;
    const page = this.last.then(async () => {
      const bare = await this.getBare(after, until);
      await this.complete(bare.entries);
      return bare;
    });
    this.last = page.catch(() => {});
    this.pages.set(key, page);
    page.catch(() => this.pages.delete(key));
    const [oldest] = this.pages.keys();
    if (this.pages.size > MAX_PAGES && oldest !== undefined) this.pages.delete(oldest);
    return page;
  };
}

/** Pages that are kept. */
const MAX_PAGES = 4;
/** Pages end at multiples of this, if they can. */
const COARSE_MS = 60_000;
