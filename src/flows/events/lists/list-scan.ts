import { IdDigest } from "../../../kernel/id-digest.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import { comparePlaces, type Mark, type Place } from "./event-cursor.js";
import { type PlacedRow, readTimePage, type TimedEntity } from "./time-pages.js";

/** Options of a scan. */
export interface ScanOptions {
  /** The newest time in the list. */
  readonly newest: number;
  /** How long rows may become visible late, in ms. */
  readonly lateMs: number;
  /** Whether it goes on with the pages of a query: what is before the mark is not looked at again. */
  readonly isContinued: boolean;
}

/** Reads a list from a mark to its end, page by page, for a query. */
export class ListScan<E extends TimedEntity> {
  private place: Place;
  private unsettled: number;
  private digest: IdDigest;
  private hasEnded = false;

  private constructor(
    private readonly session: UpstreamSession,
    private readonly entity: E,
    mark: Mark,
  ) {
    this.place = { at: mark.at, id: mark.id };
    this.unsettled = mark.unsettled;
    this.digest = mark.digest.copy();
  }

  /** Begins at the mark, or before it if rows have become visible there since it was made. */
  static async from<E extends TimedEntity>(
    session: UpstreamSession,
    entity: E,
    mark: Mark,
    { newest, lateMs, isContinued }: ScanOptions,
  ): Promise<ListScan<E>> {
    const scan = new ListScan(session, entity, mark);
    if (isContinued) return scan;
    if (!(await scan.isUnchanged(mark))) {
      scan.place = { at: mark.unsettled, id: "" };
      scan.digest = new IdDigest();
    }
    const settled = newest - lateMs;
    if (scan.place.at < settled) {
      scan.unsettled = settled;
      scan.digest = new IdDigest();
    }
    return scan;
  }

  get mark(): Mark {
    return { ...this.place, unsettled: this.unsettled, digest: this.digest.copy() };
  }

  /** Whether the list was read to its end. */
  get isAtEnd(): boolean {
    return this.hasEnded;
  }

  /** The next rows; call `passed` with each one that was handled. */
  async nextPage(): Promise<readonly PlacedRow<E>[]> {
    const { rows, next } = await readTimePage(this.session, this.entity, { after: this.place });
    this.following = next;
    return rows;
  }

  private following: Place | undefined;

  passed({ place }: PlacedRow<E>): void {
    this.place = place;
    if (place.at >= this.unsettled) this.digest.toggle(place.id);
  }

  /** All rows of the page were passed. */
  turn(): void {
    if (this.following === undefined) this.hasEnded = true;
    else if (comparePlaces(this.following, this.place) > 0) this.place = this.following;
  }

  private async isUnchanged(mark: Mark): Promise<boolean> {
    const digest = new IdDigest();
    let after: Place | undefined = { at: mark.unsettled, id: "" };
    while (after !== undefined && comparePlaces(after, mark) < 0) {
      const request: { after: Place; until: number } = { after, until: mark.at + 1 };
      const { rows, next } = await readTimePage(this.session, this.entity, request);
      for (const { place } of rows) if (comparePlaces(place, mark) <= 0) digest.toggle(place.id);
      after = next;
    }
    return String(digest) === String(mark.digest);
  }
}

/** The mark of a time in a list: everything up to it counts as delivered. */
export async function markUpTo(
  session: UpstreamSession,
  entity: TimedEntity,
  at: number,
  { newest, lateMs }: Pick<ScanOptions, "newest" | "lateMs">,
): Promise<Mark> {
  const unsettled = newest - lateMs;
  const digest = new IdDigest();
  let last: Place = { at, id: "" };
  let after: Place | undefined = { at: unsettled, id: "" };
  while (after !== undefined && after.at <= at) {
    const request: { after: Place; until: number } = { after, until: at + 1 };
    const { rows, next } = await readTimePage(session, entity, request);
    for (const { place } of rows) {
      digest.toggle(place.id);
      if (comparePlaces(place, last) > 0) last = place;
    }
    after = next;
  }
  return { ...last, unsettled, digest };
}
