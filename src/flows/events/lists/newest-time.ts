import { readPage } from "../../../upstream/reads.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { OrderBy, Where } from "../../../upstream/wire/types.js";
import { TIME_COLUMNS, type TimedEntity, timeOf } from "./time-pages.js";

const DAY_MS = 86_400_000;
/** Before all times of CloudTower. */
const EVER = "1970-01-01T00:00:00.000Z";

/**
 * Whether a time is more than a day ahead of what is known, and of this gateway's clock: a single odd row must not move a feed ahead, over
 * all that is yet to come.
 */
export function isFarAhead(at: number, known: number): boolean {
  return at > known + DAY_MS && at > Date.now() + DAY_MS;
}

/** The newest time in a list, in ms; 0 if it has none. A time far ahead of all others does not count. */
export async function readNewestTime(session: UpstreamSession, entity: TimedEntity): Promise<number> {
  const [first = 0, second = 0] = await readEnd(session, entity, "DESC", 2);
  return isFarAhead(first, second) && second > 0 ? second : first;
}

/** The oldest time in a list, in ms; undefined if it has none. */
export async function readOldestTime(session: UpstreamSession, entity: TimedEntity): Promise<number | undefined> {
  const [first] = await readEnd(session, entity, "ASC", 1);
  return first;
}

async function readEnd<E extends TimedEntity>(
  session: UpstreamSession,
  entity: E,
  direction: "ASC" | "DESC",
  first: number,
): Promise<number[]> {
  const column = TIME_COLUMNS[entity];
  // Excludes the rows without a time, which CloudTower may put at either end.
  const where = { [`${column}_gte`]: EVER } as unknown as Where<E>;
  const rows = await readPage(session, entity, { where, orderBy: `${column}_${direction}` as OrderBy<E>, first });
  return rows.flatMap((row) => timeOf((row as Readonly<Record<string, unknown>> | null)?.[column]) ?? []);
}
