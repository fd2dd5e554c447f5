import { createHash } from "node:crypto";
import { badInput, type TowerError } from "../../../kernel/errors.js";
import { IdDigest } from "../../../kernel/id-digest.js";
import { decodeUtf8 } from "../../../kernel/text/decode-utf8.js";
import { isCloudTowerId, quote } from "../../../kernel/text/global-id.js";

/** A feed of events. */
export type Feed = "tasks" | "snapshots";

/** A place in a list that is ordered by time, then by id. */
export interface Place {
  /** Milliseconds since 1970, on CloudTower's clock (of snapshots: the cluster's). */
  readonly at: number;
  /** The place is just after the row with this time and id; "" for before all rows of this time. */
  readonly id: string;
}

/** How far a list was delivered. */
export interface Mark extends Place {
  /** Rows of this time and later may still have become visible behind the place when the mark was made. */
  readonly unsettled: number;
  /** The ids of the rows between `unsettled` and the place that were delivered. */
  readonly digest: IdDigest;
}

/** What a cursor from the middle of pages contains. */
export interface PagesState {
  readonly held: { readonly snapshots: Mark | undefined; readonly tasks: Mark | undefined };
  readonly began: number;
}

/** What a cursor contains. */
export interface CursorContent {
  /** The feed it belongs to; undefined for both, as `eventCursor` makes it. */
  readonly feed: Feed | undefined;
  /** Marks in the list of ended tasks, and in that of snapshots. */
  readonly tasks: Mark;
  /** Undefined in the feed of tasks. */
  readonly snapshots: Mark | undefined;
  /**
   * Set if it is from the middle of a query's pages: what is before it is not looked at again until their end. `held` are the places
   * before the first snapshot that was under way and before the first task whose snapshot was; `began` is the time of the snapshots with which the pages began.
   */
  readonly pages: PagesState | undefined;
}

/** Compares two places: negative if the first one comes first. */
export function comparePlaces(one: Place, other: Place): number {
  if (one.at !== other.at) return one.at - other.at;
  return one.id === other.id ? 0 : one.id < other.id ? -1 : 1;
}

/** A mark before all rows of this time; nothing before it is unsettled. */
export function markAt(at: number): Mark {
  return { at, id: "", unsettled: at, digest: new IdDigest() };
}

/**
 * Writes and reads cursors: version, feed, fingerprint of the CloudTower and marks, with a checksum. The text means the same to each
 * replica, and after a restart.
 */
export class EventCursors {
  private readonly fingerprint: string;
  /** The latest text of each feed, which thousands of streams begin with. */
  private readonly latest = new Map<Feed | undefined, { readonly content: string; readonly cursor: string }>();

  /** @param tower what identifies the CloudTower. @param aliases other texts that have identified it. */
  constructor(
    private readonly tower: string,
    private readonly aliases: readonly string[] = [],
  ) {
    this.fingerprint = tag(tower, 6);
  }

  encode({ feed, tasks, snapshots, pages }: CursorContent): string {
    const parts = [VERSION, feed?.[0] ?? "", this.fingerprint, parted(tasks), snapshots && parted(snapshots)];
    const text = JSON.stringify(
      [...parts, pages && [partedIf(pages.held.snapshots), partedIf(pages.held.tasks), pages.began]].map(
        (part) => part ?? null,
      ),
    );
    const latest = this.latest.get(feed);
    if (latest?.content === text) return latest.cursor;
    const cursor = Buffer.from(text + tag(this.tower + text, CHECK_LENGTH)).toString("base64url");
    this.latest.set(feed, { content: text, cursor });
    return cursor;
  }

  /** @throws TowerError BAD_USER_INPUT if the cursor is malformed or forged, or belongs to another feed or CloudTower. */
  decode(feed: Feed, cursor: string): CursorContent {
    const text = textOf(cursor);
    const body = text?.slice(0, -CHECK_LENGTH) ?? "";
    const parts = partsOf(body);
    if (text === undefined || parts === undefined) throw notACursor(`got ${quote(cursor)}`);
    const [version, ofFeed, fingerprint, tasks, snapshots, pages] = parts;
    if (version !== VERSION) throw notACursor("got one of another version of TowerQL");
    const tower = [this.tower, ...this.aliases].find((known) => tag(known, 6) === fingerprint);
    if (tower === undefined) throw notACursor("got one of another CloudTower");
    if (tag(tower + body, CHECK_LENGTH) !== text.slice(-CHECK_LENGTH)) throw notACursor(`got ${quote(cursor)}`);
    if (ofFeed !== "" && ofFeed !== feed[0]) throw notACursor("got one of the other feed");
    const content = { tasks: markOf(tasks), snapshots: snapshots === null ? undefined : markOf(snapshots) };
    if (content.tasks === undefined || (feed === "snapshots" && content.snapshots === undefined)) {
      throw notACursor(`got ${quote(cursor)}`);
    }
    return { feed, tasks: content.tasks, snapshots: content.snapshots, pages: pagesOf(pages) };
  }
}

const VERSION = 1;
const CHECK_LENGTH = 8;
/** Longer texts are no cursor. */
const MAX_LENGTH = 1_000;

function notACursor(got: string): TowerError {
  return badInput(`"after" must be a cursor of these events, ${got}. Start from eventCursor.`);
}

function tag(text: string, length: number): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, length);
}

function textOf(cursor: string): string | undefined {
  if (cursor.length > MAX_LENGTH) return undefined;
  const bytes = Buffer.from(cursor, "base64url");
  // Node ignores characters that are not base64url.
  return bytes.toString("base64url") === cursor ? decodeUtf8(bytes) : undefined;
}

function partsOf(text: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.length === 6 ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function parted({ at, id, unsettled, digest }: Mark): readonly unknown[] {
  return [at, id, unsettled, String(digest)];
}

function markOf(value: unknown): Mark | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [at, id, unsettled, text] = value as unknown[];
  const digest = typeof text === "string" ? IdDigest.parse(text) : undefined;
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(unsettled) || digest === undefined) return undefined;
  if (typeof id !== "string" || (id !== "" && !isCloudTowerId(id))) return undefined;
  return { at: at as number, id, unsettled: unsettled as number, digest };
}

function partedIf(mark: Mark | undefined): readonly unknown[] | null {
  return mark === undefined ? null : parted(mark);
}

function pagesOf(value: unknown): PagesState | undefined {
  if (!Array.isArray(value) || typeof value[2] !== "number") return undefined;
  return { held: { snapshots: markOf(value[0]), tasks: markOf(value[1]) }, began: value[2] };
}
