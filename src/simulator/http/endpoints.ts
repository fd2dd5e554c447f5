import { forbidden } from "../accounts.js";
import { countRows, listRows } from "../query/list-rows.js";
import { badRequest, Refusal } from "../refusal.js";
import { describeValue } from "../store/check-value.js";
import type { EntityModel } from "../store/model.js";
import type { Tower } from "../tower.js";
import { clientTasksSince } from "../versions.js";
import {
  createGroupSnapshot,
  createLunSnapshot,
  createVolumeSnapshot,
  deleteGroupSnapshot,
  deleteLunSnapshot,
  deleteVolumeSnapshot,
  rollbackGroupSnapshot,
} from "../writes/block-snapshots.js";
import { createTask, updateTask } from "../writes/client-tasks.js";
import { addLabels, createLabel, deleteLabel, removeLabels } from "../writes/labels.js";
import { addVmDisk, rebuildVolume, removeVmDisk } from "../writes/vm-disks.js";
import { poweroffVm, shutdownVm, startVm } from "../writes/vm-power.js";
import { rebuildVm, rollbackVm } from "../writes/vm-restore.js";
import { createVmSnapshot, deleteVmSnapshot } from "../writes/vm-snapshot.js";
import { type ApiRequest, NOT_MODIFIED, type QuietWrite } from "../writes/write.js";

/** Runs an endpoint, such as get-vms, for an authenticated caller and returns JSON; undefined for 304. Throws a Refusal; 404 if there is no such endpoint. */
export function callEndpoint(tower: Tower, endpoint: string, request: ApiRequest): string | undefined {
  const read = /^get-(.+?)(-connection)?$/.exec(endpoint);
  const entity = read?.[1] === undefined ? undefined : tower.store.model.byPath(read[1]);
  if (entity !== undefined) return readRows(tower, request, entity, read?.[2] !== undefined);
  const lean = leanList(tower, endpoint);
  if (lean !== undefined) return readLean(tower, request, lean);
  const write = writes[endpoint];
  if (write === undefined || !isAvailable(tower, endpoint)) throw unknownEndpoint(endpoint);
  if (!request.viewer.writes) throw forbidden();
  const results = write(tower, request);
  return results === NOT_MODIFIED ? undefined : JSON.stringify(results);
}

/** 404 for an endpoint that this version of CloudTower does not have. */
export function unknownEndpoint(endpoint: string): Refusal {
  return new Refusal(404, { en: `no endpoint /${endpoint} in this simulator`, zh: `接口 /${endpoint} 不存在` });
}

function isAvailable({ store }: Tower, endpoint: string): boolean {
  const since = arrivedEndpoints[endpoint];
  return since === undefined || store.model.version.isSince(since);
}

/** First versions of mutations that have not always existed. */
const arrivedEndpoints: Readonly<Record<string, string>> = {
  "create-task": clientTasksSince,
  "update-task": clientTasksSince,
};

/** The mutations. Others that CloudTower has are not simulated. */
const writes: Readonly<Record<string, QuietWrite>> = {
  "create-vm-snapshot": createVmSnapshot,
  "delete-vm-snapshot": deleteVmSnapshot,
  "rollback-vm": rollbackVm,
  "rebuild-vm-from-snapshot": rebuildVm,
  "create-task": createTask,
  "update-task": updateTask,
  "rebuild-vm-volume": rebuildVolume,
  "add-vm-disk": addVmDisk,
  "remove-vm-disk": removeVmDisk,
  "start-vm": startVm,
  "poweroff-vm": poweroffVm,
  "shutdown-vm": shutdownVm,
  "create-iscsi-lun-snapshot": createLunSnapshot,
  "delete-iscsi-lun-snapshot": deleteLunSnapshot,
  "create-vm-volume-snapshot": createVolumeSnapshot,
  "delete-vm-volume-snapshot": deleteVolumeSnapshot,
  "create-consistency-snapshot-group": createGroupSnapshot,
  "rollback-consistency-snapshot-group": rollbackGroupSnapshot,
  "delete-consistency-snapshot-group": deleteGroupSnapshot,
  "create-label": createLabel,
  "add-labels-to-resources": addLabels,
  "remove-labels-from-resources": removeLabels,
  "delete-label": deleteLabel,
};

function readRows(tower: Tower, { body, viewer, language }: ApiRequest, entity: EntityModel, isCount: boolean): string {
  const args = checkedBody(body);
  if (entity.name === "IscsiLunSnapshot") revealHidden(tower);
  if (entity.name === "Task") tower.tasks.updateProgress();
  if (isCount) return JSON.stringify({ aggregate: { count: countRows(tower.renderer, viewer, entity, args) } });
  const max = entity.name === "Task" ? tower.quirks.maxTaskRows : undefined;
  const rows = listRows(tower.renderer, viewer, entity, args).slice(0, max);
  return `[${rows.map((row) => tower.renderer.text(row, viewer, language)).join(",")}]`;
}

function checkedBody(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw badRequest(`the body must be an object, got ${describeValue(body)}`);
}

/** The entity that an endpoint lists without executions, if this version has the endpoint. */
function leanList({ store: { model } }: Tower, endpoint: string): EntityModel | undefined {
  const path = /^get-(.+)-without-executions$/.exec(endpoint)?.[1];
  return path !== undefined && model.version.has(`/${endpoint}`) ? model.byPath(path) : undefined;
}

/** A list without what its rows carry of executions. What exactly a real one leaves out is not documented. */
function readLean(tower: Tower, { body, viewer, language }: ApiRequest, entity: EntityModel): string {
  const rows = listRows(tower.renderer, viewer, entity, checkedBody(body));
  const lists = [...entity.fields.keys()].filter((name) => name.endsWith("_executions"));
  const without = Object.fromEntries(lists.map((name) => [name, null]));
  return JSON.stringify(rows.map((row) => ({ ...tower.renderer.object(row, viewer, language), ...without })));
}

/** Counts one read of LUN snapshots, and reveals those whose reads are used up. */
function revealHidden({ hidden }: Tower): void {
  for (const entry of [...hidden]) {
    if (entry.reads > 0) {
      entry.reads -= 1;
      continue;
    }
    hidden.splice(hidden.indexOf(entry), 1);
    entry.reveal();
  }
}
