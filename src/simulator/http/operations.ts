/** The operations by their name in the URL. */

import { count, list } from "../query/list.js";
import { badRequest, Refusal } from "../refusal.js";
import type { EntityModel } from "../store/model.js";
import { describe } from "../store/values.js";
import { forbidden } from "../users.js";
import type { World } from "../world.js";
import {
  createGroupSnapshot,
  createLunSnapshot,
  createVolumeSnapshot,
  deleteGroupSnapshot,
  deleteLunSnapshot,
  deleteVolumeSnapshot,
  rollbackGroupSnapshot,
} from "../writes/block-snapshot.js";
import type { Request, Write } from "../writes/common.js";
import { poweroffVm, startVm } from "../writes/vm-power.js";
import { rebuildVm, rollbackVm } from "../writes/vm-restore.js";
import { createVmSnapshot, deleteVmSnapshot } from "../writes/vm-snapshot.js";

/** Runs an operation for a known caller and returns the JSON of its answer. Throws a Refusal, 404 for an unknown operation. */
export function run(world: World, operation: string, request: Request): string {
  const read = /^get-(.+?)(-connection)?$/.exec(operation);
  const entity = read?.[1] === undefined ? undefined : world.store.model.byPath(read[1]);
  if (entity !== undefined) return readRows(world, request, entity, read?.[2] !== undefined);
  const write = writes[operation];
  if (write === undefined) throw unknownOperation(operation);
  if (!request.viewer.writes) throw forbidden();
  return JSON.stringify(write(world, request));
}

/** 404 for what this CloudTower does not have. */
export function unknownOperation(operation: string): Refusal {
  return new Refusal(404, { en: `no operation /${operation} in this simulator`, zh: `接口 /${operation} 不存在` });
}

/** The writes that change the simulated world. */
const writes: Readonly<Record<string, Write>> = {
  "create-vm-snapshot": createVmSnapshot,
  "delete-vm-snapshot": deleteVmSnapshot,
  "rollback-vm": rollbackVm,
  "rebuild-vm-from-snapshot": rebuildVm,
  "start-vm": startVm,
  "poweroff-vm": poweroffVm,
  "create-iscsi-lun-snapshot": createLunSnapshot,
  "delete-iscsi-lun-snapshot": deleteLunSnapshot,
  "create-vm-volume-snapshot": createVolumeSnapshot,
  "delete-vm-volume-snapshot": deleteVolumeSnapshot,
  "create-consistency-snapshot-group": createGroupSnapshot,
  "rollback-consistency-snapshot-group": rollbackGroupSnapshot,
  "delete-consistency-snapshot-group": deleteGroupSnapshot,
};

function readRows(world: World, { body, viewer, language }: Request, entity: EntityModel, counting: boolean): string {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest(`the body must be an object, got ${describe(body)}`);
  }
  if (entity.name === "IscsiLunSnapshot") revealHidden(world);
  if (entity.name === "Task") world.tasks.refresh();
  const args = body as Record<string, unknown>;
  if (counting) return JSON.stringify({ aggregate: { count: count(world.renderer, viewer, entity, args) } });
  const rows = list(world.renderer, viewer, entity, args);
  return `[${rows.map((row) => world.renderer.text(row, viewer, language)).join(",")}]`;
}

/** Each read of LUN snapshots brings the hidden ones one step nearer. */
function revealHidden({ hidden }: World): void {
  for (const entry of [...hidden]) {
    if (entry.reads > 0) {
      entry.reads -= 1;
      continue;
    }
    hidden.splice(hidden.indexOf(entry), 1);
    entry.reveal();
  }
}
