import { ErrorCode } from "../kernel/errors.js";
import type { UpstreamSession } from "../upstream/session.js";
import { UpstreamError } from "../upstream/upstream-error.js";

/** What a write gives: the task to follow, null for one that is done already, and the id of what it acts on. */
export interface WriteAnswer {
  readonly taskId: string | null;
  readonly resourceId: string;
}

/** One VM snapshot to be made. */
export interface NewSnapshot {
  readonly vmId: string;
  readonly name: string;
  readonly consistency: string;
}

/** `create-vm-snapshot`: sent once. Of the answer only ids are kept: the rest is a placeholder until the task has ended. */
export async function sendCreateVmSnapshot(session: UpstreamSession, snapshot: NewSnapshot): Promise<WriteAnswer> {
  const { vmId, name, consistency } = snapshot;
  const operation = "create-vm-snapshot";
  const data = [{ vm_id: vmId, name, consistent_type: consistency }];
  const [answer] = answersOf(operation, await session.write(operation, { data }));
  if (answer === undefined) throw unreadable(operation);
  return answer;
}

function answersOf(operation: string, body: unknown): WriteAnswer[] {
  if (!Array.isArray(body)) throw unreadable(operation);
  return body.map((item: { task_id?: unknown; data?: { id?: unknown } | null } | null) => {
    const resourceId = item?.data?.id;
    if (typeof resourceId !== "string") throw unreadable(operation);
    return { resourceId, taskId: typeof item?.task_id === "string" ? item.task_id : null };
  });
}

function unreadable(operation: string): UpstreamError {
  const message = "expected the ids of what was changed from CloudTower, got something else";
  return new UpstreamError(operation, {
    code: ErrorCode.UpstreamError,
    message,
    effect: "unknown",
    transient: false,
  });
}
