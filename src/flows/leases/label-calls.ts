import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { WriteTargets } from "../../upstream/write-targets.js";

/** The writes that change the labels of snapshots. */
export type LabelWrite = "add-labels-to-resources" | "remove-labels-from-resources";

/** Labels, and the snapshots that they are put on or taken off, by ids: at least one of each. */
export interface LabelChange {
  readonly labelIds: readonly string[];
  readonly snapshotIds: readonly string[];
}

/**
 * Sends a label write once.
 *
 * @returns whether CloudTower says that something was changed. It does not if it responds 304, or with an empty list, which means that the
 * filters matched nothing: only a read tells then what is there.
 * @throws UpstreamError
 */
export async function sendLabels(
  session: UpstreamSession,
  endpoint: LabelWrite,
  { labelIds, snapshotIds }: LabelChange,
  options: WriteOptions = {},
): Promise<boolean> {
  const body = {
    where: WriteTargets.of(labelIds).where,
    data: { vm_snapshots: WriteTargets.of(snapshotIds).where },
  };
  try {
    const response = await session.write(endpoint, body, options);
    return Array.isArray(response) && response.length > 0;
  } catch (error) {
    if (error instanceof UpstreamError && error.failure.status === 304) return false;
    throw error;
  }
}
