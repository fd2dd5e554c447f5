import type { Entity } from "../../upstream/wire/types.js";
import { Filter } from "../query/filter.js";
import { badRequest, type Language, notFound, resourceLocked } from "../refusal.js";
import { describeValue } from "../store/check-value.js";
import { isEntity } from "../store/model.js";
import { empty, type StoredRow, type Values } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import type { Tower } from "../tower.js";

/** An authenticated request. */
export interface ApiRequest {
  readonly body: unknown;
  readonly viewer: Viewer;
  readonly language: Language;
}

/** Response to a write that changed nothing: 304 without a body. */
export const NOT_MODIFIED = "not modified";

/** One mutation endpoint. Returns the response body; throws a Refusal. */
export type Write = (tower: Tower, request: ApiRequest) => readonly WriteResult[];

/** A mutation endpoint whose contract declares 304. */
export type QuietWrite = (tower: Tower, request: ApiRequest) => readonly WriteResult[] | typeof NOT_MODIFIED;

/** One item of a mutation's response. Only the id in `data` is meaningful until the task has ended. */
export interface WriteResult {
  readonly task_id: string | null;
  readonly data: Values;
}

/** Finds a row that the caller may see. Throws a 404 otherwise. */
export function visible(tower: Tower, viewer: Viewer, entity: Entity, id: string): StoredRow {
  const row = tower.store.get(entity, id);
  if (row === undefined || !viewer.sees(row)) throw notFound(entity, id);
  return row;
}

/** Rows that a mutation's `where` matches. As in the real product, an empty filter matches all of them. */
export function affected(tower: Tower, viewer: Viewer, entity: Entity, where: unknown): StoredRow[] {
  if (typeof where !== "object" || where === null) {
    throw badRequest(`where must be an object, got ${describeValue(where)}`);
  }
  return new Filter(tower.renderer, viewer).select(entity, where);
}

/** Throws ResourceLocked if a task is working on one of these rows. */
export function assertUnlocked(rows: readonly StoredRow[]): void {
  const locked = rows.filter(({ values }) => values.entityAsyncStatus !== null);
  if (locked.length === 0) return;
  throw resourceLocked(locked.map(({ id, entity }) => ({ id, type: inUpperCase(entity) })));
}

/** `VmVolume` is VM_VOLUME. Documented are only VM and VM_VOLUME. */
function inUpperCase(entity: Entity): string {
  return entity.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

/** A VM and the volumes of its disks: what a task on the VM needs to be unlocked. */
export function withVolumes({ store }: Tower, vm: StoredRow): StoredRow[] {
  const disks = store.referrers("VmDisk", "vm", vm.id);
  return [vm, ...disks.flatMap((disk) => store.get("VmVolume", disk.values.vm_volume) ?? [])];
}

/** A row with all fields of its entity, of which only the id is meaningful. */
export function placeholder(tower: Tower, entity: Entity, id: string): Values {
  const data: Values = {};
  for (const field of tower.store.model.entity(entity).fields.values()) {
    if (field.name === "cpu") data.cpu = { cores: 1, sockets: 1 };
    else if (field.kind.is === "one" && field.required) data[field.name] = emptyStub(tower, field.kind.target);
    else data[field.name] = empty(field);
  }
  return { ...data, id };
}

function emptyStub({ store }: Tower, target: string): Values {
  const fields = Object.fromEntries(store.model.stubFields(target).map((field) => [field.name, empty(field)]));
  return isEntity(target) ? fields : { id: "", ...fields };
}
