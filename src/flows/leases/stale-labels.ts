import { objectsIn } from "../../kernel/odd-values.js";
import { EXPIRES_KEY, expiryMs, labelText } from "../../resources/vm-snapshot/lease-labels.js";
import { readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { sendDeleteLabels } from "../writes/write-calls.js";

/** An expiry label is deleted only if its time is longer past than this, in ms: no lease that is set now gets it. */
const STALE_AFTER_MS = 24 * 3_600_000;
/** Labels that are deleted in one call. */
const MAX_LABELS = 100;

/**
 * Deletes expiry labels that nothing has and whose time is more than a day past. Called when a new one was made, which keeps their number
 * bounded. Never fails: what is left is deleted the next time.
 */
export async function deleteStaleLabels(session: UpstreamSession): Promise<void> {
  const pastMs = Date.now() - STALE_AFTER_MS;
  const where = { key: EXPIRES_KEY, value_lt: labelText(pastMs), vm_snapshots_none: {} };
  try {
    const rows = await readPage(session, "Label", { where, orderBy: "id_ASC", first: MAX_LABELS });
    const ids = objectsIn(rows).flatMap((row) => (isStale(row, pastMs) ? [row.id] : []));
    if (ids.length > 0) await sendDeleteLabels(session, WriteTargets.of(ids));
  } catch {
    // It was not needed for anything.
  }
}

function isStale(row: Row<"Label">, pastMs: number): boolean {
  const timeMs = expiryMs(row.value);
  return row.key === EXPIRES_KEY && timeMs !== undefined && timeMs < pastMs && isUnused(row);
}

/** Whether the label's lists of objects are empty, and its counts, which may be null, are not above 0. */
function isUnused(row: Row<"Label">): boolean {
  return Object.entries(row).every(([name, value]) =>
    Array.isArray(value) ? value.length === 0 : !name.endsWith("_num") || !value,
  );
}
