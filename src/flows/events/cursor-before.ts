import { readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { type EventCursors, markAt } from "./lists/event-cursor.js";
import { timeOf } from "./lists/time-pages.js";

/**
 * A cursor of both feeds before all that happened at a time: for the oldest that CloudTower shows, which must not be skipped.
 *
 * @param at RFC 3339 text.
 */
export async function cursorBefore(session: UpstreamSession, at: string, cursors: EventCursors): Promise<string> {
  const time = Date.parse(at);
  const making = await readPage(session, "VmSnapshot", {
    where: { entityAsyncStatus: "CREATING" },
    orderBy: "id_ASC",
    first: session.options.idsPerCall,
  });
  // What becomes of the snapshots under way is yet to come.
  const oldest = Math.min(time, ...making.flatMap((row) => timeOf(row?.local_created_at) ?? []));
  return cursors.encode({ feed: undefined, tasks: markAt(time), snapshots: markAt(oldest), pages: undefined });
}
