import { readFittingPage } from "../../../upstream/reads.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Entity, OrderBy, Row, Where } from "../../../upstream/wire/types.js";
import { comparePlaces, type Place } from "./event-cursor.js";

/** The lists that events are read from, with the column that orders each. */
export const TIME_COLUMNS = { Task: "finished_at", VmSnapshot: "local_created_at" } as const;
export type TimedEntity = keyof typeof TIME_COLUMNS;

/** A row with its place. */
export interface PlacedRow<E extends Entity> {
  readonly row: Row<E>;
  readonly place: Place;
}

/** Some rows in their order, and the place after them; no place if there are no more. */
export interface TimePage<E extends Entity> {
  readonly rows: readonly PlacedRow<E>[];
  readonly next: Place | undefined;
}

/** Rows of a page. */
const ROWS_PER_PAGE = 1_000;

/** A time of CloudTower in ms; undefined if there is none, or it cannot be read. */
export function timeOf(text: unknown): number | undefined {
  if (typeof text !== "string" || text === "") return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** A time as CloudTower's filters take it. */
export function timeText(at: number): string {
  return new Date(Math.min(Math.max(at, 0), MAX_TIME)).toISOString();
}

/** The last millisecond of the year 9999. */
const MAX_TIME = 253_402_300_799_999;

/**
 * The rows after a place, by time and id, before the time `until`. One call, or two where more rows than a page have the same time.
 *
 * CloudTower does not say how it orders rows of the same time, and may know times more exactly than it writes them. So a page ends before
 * the time of its last row, and a time that fills a whole page is read by id.
 */
export async function readTimePage<E extends TimedEntity>(
  session: UpstreamSession,
  entity: E,
  { after, until, where }: { readonly after: Place; readonly until?: number; readonly where?: Where<E> },
): Promise<TimePage<E>> {
  const column = TIME_COLUMNS[entity];
  const from = { [`${column}_gte`]: timeText(after.at) };
  const to = until === undefined ? [] : [{ [`${column}_lt`]: timeText(until) }];
  const size = Math.min(ROWS_PER_PAGE, session.options.rowsPerCall);
  const read = async (conditions: readonly object[], orderBy: string) => {
    const all = { AND: [...conditions, ...(where === undefined ? [] : [where])] } as unknown as Where<E>;
    const page = await readFittingPage(session, entity, { where: all, orderBy: orderBy as OrderBy<E>, first: size });
    return { rows: placed(entity, page.rows), last: page.rows.at(-1), isFull: page.rows.length >= page.first };
  };
  const { rows, isFull } = await read([from, ...to], `${column}_ASC`);
  const later = (each: PlacedRow<E>) => comparePlaces(each.place, after) > 0;
  const newest = rows.at(-1)?.place.at;
  if (!isFull || newest === undefined) return { rows: rows.filter(later), next: undefined };
  if (newest > after.at) {
    const whole = rows.filter(({ place }) => place.at < newest);
    return { rows: whole.filter(later), next: { at: newest, id: "" } };
  }
  const sameTime = { [`${column}_lt`]: timeText(after.at + 1) };
  const byId = await read([from, sameTime, ...(after.id === "" ? [] : [{ id_gt: after.id }])], "id_ASC");
  const next = byId.isFull ? { at: after.at, id: byId.last?.id ?? "" } : { at: after.at + 1, id: "" };
  return { rows: byId.rows.filter(later), next };
}

/** Rows with a readable time, in order. */
function placed<E extends TimedEntity>(entity: E, rows: readonly Row<E>[]): PlacedRow<E>[] {
  const column = TIME_COLUMNS[entity];
  return rows
    .flatMap((row) => {
      const at = typeof row?.id === "string" ? timeOf((row as Readonly<Record<string, unknown>>)[column]) : undefined;
      return at === undefined ? [] : [{ row, place: { at, id: row.id } }];
    })
    .sort((one, other) => comparePlaces(one.place, other.place));
}
