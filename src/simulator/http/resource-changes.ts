import { badRequest } from "../refusal.js";
import type { LoggedChange } from "../store/change-log.js";
import { describeValue } from "../store/check-value.js";
import type { Values } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import { iso } from "../tasks/clock.js";
import type { Tower } from "../tower.js";

const PARAMETERS = ["action", "resource_type", "resource_id", "start_revision", "limit"];
const MAX_LIMIT = 1_000;

/**
 * `GET /resource-changes`: what changed after a revision, oldest first, as JSON. It is internal to CloudTower and its meaning is not
 * documented: only the shape is certain.
 */
export function resourceChanges({ changes }: Tower, viewer: Viewer, query: URLSearchParams): string {
  for (const name of query.keys()) {
    if (!PARAMETERS.includes(name))
      throw badRequest(`${name} is not allowed in the query: expected ${PARAMETERS.join(", ")}`);
  }
  const start = integer(query, "start_revision", 0, 0, Number.MAX_SAFE_INTEGER);
  const limit = integer(query, "limit", MAX_LIMIT, 1, MAX_LIMIT);
  const wanted = (name: string, value: string) => (query.get(name) ?? value) === value;
  const found = changes
    .since(start)
    .filter(
      ({ row, action }) =>
        wanted("action", action) && wanted("resource_type", row.entity) && wanted("resource_id", row.id),
    )
    .filter(({ row }) => viewer.sees(row));
  const compacted = start < changes.compactRevision;
  return JSON.stringify({
    currentRevision: String(changes.revision),
    compactRevision: String(changes.compactRevision),
    data: compacted ? [] : found.slice(0, limit).map(event),
    ec: compacted ? "REVISION_COMPACTED" : "EOK",
    ...(compacted ? { error: { msg: `revision ${start} is older than ${changes.compactRevision}` } } : {}),
  });
}

function event({ revision, at, action, row, before, after }: LoggedChange): object {
  return {
    revision: String(revision),
    prev_revision: String(revision - 1),
    created_at: iso(at),
    action,
    resource_type: row.entity,
    resource_id: row.id,
    ...(before === undefined ? {} : { old_value: valueText(before) }),
    ...(after === undefined ? {} : { new_value: valueText(after) }),
  };
}

/** Values as JSON text, without what the simulator keeps for itself. */
function valueText(values: Values): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith("$"))));
}

function integer(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw badRequest(`${name} must be an integer from ${min} to ${max}, got ${describeValue(text)}`);
}
