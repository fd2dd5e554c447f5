import type { Text } from "../refusal.js";
import { recreateDevices } from "../rows/devices.js";
import type { StoredRow } from "../store/store.js";
import type { Failure } from "../tasks/task-outcome.js";
import type { Tower } from "../tower.js";
import { type ApiRequest, placeholder, type WriteResult } from "./write.js";

/** A task that changes a row. `done` and `failed` get the time at which it ended. */
export interface Change {
  readonly mutation: string;
  readonly description: Text;
  readonly bytes?: number;
  readonly count?: number;
  readonly failure?: Failure | undefined;
  readonly done?: (at: number) => void;
  readonly failed?: (at: number) => void;
}

/**
 * Starts a task that changes a VM and returns its id, or null if writes are synchronous. The VM is locked until the task has ended, and its disks and NICs get new ids at
 * the start and at the end. `resource` is the row that the task names, by default the VM.
 */
export function changeVm(
  tower: Tower,
  request: ApiRequest,
  vm: StoredRow,
  change: Change,
  resource: StoredRow = vm,
): string | null {
  tower.store.patch(vm, { entityAsyncStatus: "UPDATING" });
  recreateDevices(tower, vm);
  return start(tower, request, resource, {
    ...change,
    done: (at) => {
      change.done?.(at);
      recreateDevices(tower, vm);
      clearStatus(tower, vm, at);
    },
    failed: (at) => {
      change.failed?.(at);
      clearStatus(tower, vm, at);
    },
  });
}

/** Starts a task that changes a row other than a VM and returns its id, or null if writes are synchronous. The row is locked until the task has ended. */
export function changeRow(
  tower: Tower,
  request: ApiRequest,
  row: StoredRow,
  change: Change,
  resource: StoredRow = row,
): string | null {
  tower.store.patch(row, { entityAsyncStatus: "UPDATING" });
  return start(tower, request, resource, ending(tower, row, change));
}

/**
 * Marks a row as being made: until the cluster has made it, its id there is not known, and CloudTower shows a placeholder. `clearStatus`
 * ends this.
 */
export function beginMaking({ store, random }: Tower, row: StoredRow): void {
  const { local_id: localId } = row.values;
  store.patch(row, {
    entityAsyncStatus: "CREATING",
    local_id: `placeholder-${random.uuid()}`,
    $made: { local_id: localId },
  });
}

/** Starts a task that creates a row. The row exists immediately, is CREATING until the task has ended, and is removed if it fails. */
export function createRow(tower: Tower, request: ApiRequest, row: StoredRow, change: Change): WriteResult {
  beginMaking(tower, row);
  const taskId = start(tower, request, row, {
    ...ending(tower, row, change),
    failed: (at) => {
      change.failed?.(at);
      tower.store.remove(row);
    },
  });
  return { task_id: taskId, data: placeholder(tower, row.entity, row.id) };
}

/** Starts a task that deletes a row. The row is DELETING until the task has ended; `done` removes the rows that depend on it. */
export function deleteRow(tower: Tower, request: ApiRequest, row: StoredRow, change: Change): WriteResult {
  tower.store.patch(row, { entityAsyncStatus: "DELETING" });
  const taskId = start(tower, request, row, {
    ...ending(tower, row, change),
    done: (at) => {
      change.done?.(at);
      tower.store.remove(row);
    },
  });
  return { task_id: taskId, data: { id: row.id } };
}

/** Clears `entityAsyncStatus` after the end of a task, delayed by `asyncStatusMs`; a row that was being made gets its id then. */
export function clearStatus({ events, store, lag }: Tower, row: StoredRow, at: number): void {
  events.schedule(at + lag.asyncStatusMs, () => {
    store.patch(row, { entityAsyncStatus: null, ...(row.values.$made as object | undefined), $made: undefined });
  });
}

function ending(tower: Tower, row: StoredRow, change: Change): Change {
  return {
    ...change,
    done: (at) => {
      change.done?.(at);
      clearStatus(tower, row, at);
    },
    failed: (at) => {
      change.failed?.(at);
      clearStatus(tower, row, at);
    },
  };
}

/** Null if writes are synchronous: the change is then done. */
function start(tower: Tower, { viewer, body }: ApiRequest, resource: StoredRow, change: Change): string | null {
  const { mutation, description, bytes = 0, count = 1, failure } = change;
  if (tower.quirks.synchronousWrites) {
    const at = tower.clock.now();
    if (failure === undefined) change.done?.(at);
    else change.failed?.(at);
    tower.tasks.runDue();
    return null;
  }
  return tower.tasks.start({
    mutation,
    resourceType: resource.entity,
    resourceId: resource.id,
    cluster: resource.scope,
    viewer,
    description,
    args: Array.isArray(body) ? { data: body } : body,
    bytes,
    count,
    failure,
    done: (at) => change.done?.(at),
    failed: (at) => change.failed?.(at),
  });
}
