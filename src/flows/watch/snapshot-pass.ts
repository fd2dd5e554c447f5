import { asError, TowerError } from "../../kernel/errors.js";
import { groupByKey, indexByKey } from "../../kernel/group.js";
import { objectsIn } from "../../kernel/odd-values.js";
import { creationTaskOf, openTaskOf } from "../../resources/task/creation-task.js";
import { Task } from "../../resources/task/task.type.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import { readByIds, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { type FrozenData, frozenDataOf } from "../snapshot-data/frozen-data.js";
import { reasonsInRow, unreadable } from "../snapshot-data/readiness.js";
import { failedTaskReason, openTaskReason } from "../snapshot-data/task-reasons.js";
import type { PollFailure } from "./poll-lane.js";

/** What is known of a watched snapshot. */
export interface SnapshotState {
  readonly id: string;
  readonly since: number;
  tasksReadAt: number | undefined;
  /** When its row was last read; at first the beginning of the watch. */
  rowReadAt: number;
  /** Since when reads have not shown it; undefined while they do, and while a task may still bring it. */
  missingSince: number | undefined;
  /** The task that creates it, once it is found. */
  creation: Row<"Task"> | undefined;
  /** A task on it that has not ended. */
  openTask: Row<"Task"> | undefined;
  /** When it was first seen that its creation has succeeded. */
  endedAt: number | undefined;
  row: Row<"VmSnapshot"> | undefined;
  data: FrozenData | undefined;
  /** The error of the last read, if it failed. */
  failure: Error | undefined;
}

/** A snapshot of which nothing has been read. */
export function unreadSnapshot(id: string): SnapshotState {
  const now = performance.now();
  return {
    ...{ id, since: now, tasksReadAt: undefined, rowReadAt: now, missingSince: undefined, creation: undefined },
    ...{ openTask: undefined, endedAt: undefined, row: undefined, data: undefined, failure: undefined },
  };
}

/**
 * Reads everything that decides about snapshots: their tasks, then the rows of those on which no task is open, then the data of those
 * whose rows are complete. One call per step for all of them, two for the data. A step that fails concerns the snapshots in it alone;
 * what was read before stays known.
 *
 * While a task is open, the row is read every `recheckMs` only, to notice that the snapshot is gone; and the tasks of a snapshot whose
 * creation has succeeded are read again every `recheckMs`, since others may come.
 *
 * @param evaluate is called for each snapshot whose row was read.
 * @param passed is called after that for each snapshot that was read, also if only its tasks were.
 */
export async function readSnapshots<S extends SnapshotState>(
  session: UpstreamSession,
  states: readonly S[],
  {
    recheckMs,
    evaluate,
    passed = () => {},
  }: {
    readonly recheckMs: number;
    readonly evaluate: (state: S) => void;
    readonly passed?: (state: S) => void;
  },
): Promise<PollFailure<S>[]> {
  const pass = new Pass<S>();
  const now = performance.now();
  const due = ({ tasksReadAt, creation }: S) =>
    tasksReadAt === undefined || creation?.status !== "SUCCESSED" || now - tasksReadAt >= recheckMs;
  await pass.step("tasks of snapshots", states.filter(due), (batch) => readTasks(session, batch));

  const rowIsDue = ({ openTask, rowReadAt }: S) => openTask === undefined || now - rowReadAt >= recheckMs;
  const rows = pass.without(states).filter(rowIsDue);
  await pass.step("snapshots", rows, (batch) => readRows(session, batch));

  const present = pass
    .without(rows)
    .filter((state) => state.openTask === undefined && state.missingSince === undefined);
  await pass.step("snapshot data", present, async (batch) => {
    const found = await frozenDataOf(
      session,
      batch.flatMap(({ row }) => row ?? []),
    );
    return (state) => {
      state.data = found.get(state.id);
    };
  });

  pass.each("snapshots", rows, evaluate);
  pass.each("snapshots", states, passed);
  return pass.failures;
}

/** Why a snapshot is not usable, as far as it is known; empty only if everything was read and nothing is missing. */
export function reasonsNotReady(state: SnapshotState): readonly NotReadyReason[] {
  const { openTask, creation, row, data, failure } = state;
  const reasons = openTask === undefined ? [] : [openTaskReason(openTask)];
  if (openTask === undefined) reasons.push(...reasonsInSnapshot(state));
  if (failure !== undefined && (reasons.length === 0 || row === undefined || data === undefined)) {
    reasons.push(failureReason(failure));
  }
  const failed = openTask === undefined && creation?.status === "FAILED" && reasons.length > 0;
  return failed ? [failedTaskReason(creation), ...reasons] : reasons;
}

/**
 * Whether the creation has failed, as CloudTower or the cluster reported it. If CloudTower could not reach the cluster, the snapshot may
 * still come.
 */
export function hasCertainlyFailed({ creation, openTask }: SnapshotState): boolean {
  if (creation?.status !== "FAILED" || openTask !== undefined) return false;
  return new Task(creation).error?.kind !== "CLUSTER_UNREACHABLE";
}

/** The message of an error that is not for clients stays in the log. */
function failureReason(failure: Error): NotReadyReason {
  if (failure instanceof TowerError) return new NotReadyReason("NOT_READ", `it could not be read: ${failure.message}`);
  return unreadable();
}

function reasonsInSnapshot({ row, data, missingSince, failure }: SnapshotState): readonly NotReadyReason[] {
  if (missingSince !== undefined) return [new NotReadyReason("SNAPSHOT_MISSING", "CloudTower does not show it")];
  if (row === undefined) return failure ? [] : [new NotReadyReason("NOT_READ", "it has not been read yet")];
  if (data !== undefined) return data.reasons;
  const reasons = reasonsInRow(row);
  return reasons.length > 0 || failure ? reasons : [new NotReadyReason("NOT_READ", "its data has not been read yet")];
}

/** Applies what a step has read to one snapshot. */
type Apply<S> = (state: S) => void;

async function readTasks<S extends SnapshotState>(session: UpstreamSession, batch: readonly S[]): Promise<Apply<S>> {
  const ids = batch.map(({ id }) => id);
  const rows = objectsIn(await readByKeys(session, "Task", ids, (resource_id_in) => ({ resource_id_in })));
  const byResource = groupByKey(rows, (row) => row.resource_id);
  const now = performance.now();
  return (state) => {
    const tasks = byResource.get(state.id) ?? [];
    state.tasksReadAt = now;
    state.openTask = openTaskOf(tasks);
    state.creation = creationTaskOf(tasks) ?? state.creation;
    if (state.creation?.status === "SUCCESSED") state.endedAt ??= now;
  };
}

async function readRows<S extends SnapshotState>(session: UpstreamSession, batch: readonly S[]): Promise<Apply<S>> {
  const ids = batch.map(({ id }) => id);
  const byId = indexByKey(objectsIn(await readByIds(session, "VmSnapshot", ids)), (row) => row.id);
  const now = performance.now();
  return (state) => {
    const row = byId.get(state.id);
    state.rowReadAt = now;
    if (row !== undefined) {
      state.row = row;
      state.missingSince = undefined;
    } else if (state.openTask === undefined || state.row !== undefined) {
      state.missingSince ??= now;
    }
  };
}

/** The steps of a pass, and what failed in them. */
class Pass<S extends SnapshotState> {
  readonly failures: PollFailure<S>[] = [];
  private readonly failed = new Set<S>();

  /** Runs a step for all snapshots that are in it, and applies its result to each. */
  async step(stage: string, batch: readonly S[], read: (batch: readonly S[]) => Promise<Apply<S>>): Promise<void> {
    if (batch.length === 0) return;
    try {
      const apply = await read(batch);
      this.each(stage, batch, (state) => {
        state.failure = undefined;
        apply(state);
      });
    } catch (thrown) {
      this.fail({ stage, entries: batch, error: asError(thrown) });
    }
  }

  /** Does something with each snapshot that has not failed: an odd row concerns itself alone. */
  each(stage: string, batch: readonly S[], act: (state: S) => void): void {
    for (const state of this.without(batch)) {
      try {
        act(state);
      } catch (thrown) {
        this.fail({ stage, entries: [state], error: asError(thrown), oddRow: true });
      }
    }
  }

  /** The snapshots that have not failed. */
  without(states: readonly S[]): S[] {
    return states.filter((state) => !this.failed.has(state));
  }

  private fail(failure: PollFailure<S>): void {
    this.failures.push(failure);
    for (const state of failure.entries) {
      this.failed.add(state);
      state.failure = failure.error;
    }
  }
}
