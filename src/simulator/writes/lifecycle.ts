/** Tasks around one row: a VM that is changed, a row that comes into being, a row that goes. */

import type { Text } from "../refusal.js";
import { recreateDevices } from "../rows/device.js";
import type { Stored } from "../store/store.js";
import type { Failure } from "../tasks/failure.js";
import type { World } from "../world.js";
import { placeholder, type Request, type Result } from "./common.js";

/** What a task is called and what happens at its end. */
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
 * Changes a VM: it is locked meanwhile, and its disks and NICs get new ids when the change begins and when it ends. `resource` is
 * what the task names, by default the VM. Returns the id of the task.
 */
export function changeVm(world: World, request: Request, vm: Stored, change: Change, resource: Stored = vm): string {
  world.store.patch(vm, { entityAsyncStatus: "UPDATING" });
  recreateDevices(world, vm);
  return start(world, request, resource, {
    ...change,
    done: (at) => {
      change.done?.(at);
      recreateDevices(world, vm);
      clearStatus(world, vm, at);
    },
    failed: (at) => {
      change.failed?.(at);
      clearStatus(world, vm, at);
    },
  });
}

/** Changes a row that is no VM; it is locked meanwhile. */
export function changeRow(world: World, request: Request, row: Stored, change: Change, resource: Stored = row): string {
  world.store.patch(row, { entityAsyncStatus: "UPDATING" });
  return start(world, request, resource, ending(world, row, change));
}

/** A row that is there at once, but CREATING until the task is done, and gone again if it fails. */
export function createRow(world: World, request: Request, row: Stored, change: Change): Result {
  const taskId = start(world, request, row, {
    ...ending(world, row, change),
    failed: (at) => {
      change.failed?.(at);
      world.store.remove(row);
    },
  });
  return { task_id: taskId, data: placeholder(world, row.entity, row.id) };
}

/** A row that is DELETING until the task is done. `done` removes what goes with it. */
export function deleteRow(world: World, request: Request, row: Stored, change: Change): Result {
  world.store.patch(row, { entityAsyncStatus: "DELETING" });
  const taskId = start(world, request, row, {
    ...ending(world, row, change),
    done: (at) => {
      change.done?.(at);
      world.store.remove(row);
    },
  });
  return { task_id: taskId, data: { id: row.id } };
}

/** Clears `entityAsyncStatus`, at the end of a task or later, as the lags say. */
export function clearStatus(world: World, row: Stored, at: number): void {
  world.agenda.add(at + world.lags.asyncStatusMs, () => world.store.patch(row, { entityAsyncStatus: null }));
}

function ending(world: World, row: Stored, change: Change): Change {
  return {
    ...change,
    done: (at) => {
      change.done?.(at);
      clearStatus(world, row, at);
    },
    failed: (at) => {
      change.failed?.(at);
      clearStatus(world, row, at);
    },
  };
}

function start(world: World, { viewer, body }: Request, resource: Stored, change: Change): string {
  const { mutation, description, bytes = 0, count = 1, failure } = change;
  return world.tasks.start({
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
