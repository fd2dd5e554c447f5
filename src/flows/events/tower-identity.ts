import { objectsIn } from "../../kernel/odd-values.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { EventCursors } from "./lists/event-cursor.js";

/**
 * What identifies a CloudTower in cursors: the id of its deployment, else its configured origin. Read once. Lives as long as the process.
 */
export class TowerIdentity {
  private known: EventCursors | undefined;
  /** Until when it is not asked for again, because CloudTower does not tell. */
  private notBefore = Number.NEGATIVE_INFINITY;

  /** @param origin of CloudTower's URL. */
  constructor(private readonly origin: string) {}

  /** @throws UpstreamError if it cannot be read at the moment. */
  async cursors(session: UpstreamSession): Promise<EventCursors> {
    if (this.known !== undefined) return this.known;
    if (performance.now() < this.notBefore) return new EventCursors(this.origin);
    const id = await deploymentId(session);
    if (id === undefined) {
      this.notBefore = performance.now() + RETRY_MS;
      return new EventCursors(this.origin);
    }
    this.known = new EventCursors(id, [this.origin]);
    return this.known;
  }
}

/** Pause before an identity that CloudTower did not tell is asked for again. */
const RETRY_MS = 60_000;

/** Undefined if CloudTower does not tell this caller. */
async function deploymentId(session: UpstreamSession): Promise<string | undefined> {
  try {
    const rows = await session.read("get-deploys", {});
    const ids = objectsIn(rows as readonly ({ readonly id?: unknown } | null)[]).map(({ id }) => id);
    return ids.filter((id): id is string => typeof id === "string" && id !== "").sort()[0];
  } catch (error) {
    // Another answer than "not for you" may be different the next time: cursors of two identities would not fit each other.
    const status = error instanceof UpstreamError ? error.failure.status : undefined;
    if (status === 400 || status === 403 || status === 404 || status === 405) return undefined;
    throw error;
  }
}
