/** What all writes have in common: reading bodies, locks, and the placeholder that stands in for a result. */
import type { Entity } from "../../upstream/wire/types.js";
import { Filter } from "../query/where.js";
import { badRequest, type Language, notFound, resourceLocked } from "../refusal.js";
import { isEntity, stubFields } from "../store/model.js";
import { empty, type Stored, type Values } from "../store/store.js";
import { describe } from "../store/values.js";
import type { Viewer } from "../store/viewer.js";
import type { World } from "../world.js";

/** A request whose caller is known. */
export interface Request {
  readonly body: unknown;
  readonly viewer: Viewer;
  readonly language: Language;
}

/** One operation: the answer's body, or a Refusal thrown. */
export type Write = (world: World, request: Request) => readonly Result[];

/** One item of a mutation's answer. Of `data` only the id means something until the task is done. */
export interface Result {
  readonly task_id: string | null;
  readonly data: Values;
}

/** An object of a request body that has no other keys than these; a trailing "!" makes one required. */
export function readObject(value: unknown, path: string, keys: readonly string[]): Values {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badRequest(`${path} must be an object, got ${describe(value)}`);
  }
  const object = value as Values;
  const known = keys.map((key) => key.replace("!", ""));
  for (const key of Object.keys(object)) {
    if (!known.includes(key)) throw badRequest(`${path}.${key} is not allowed: expected ${known.join(", ")}`);
  }
  for (const key of keys.filter((name) => name.endsWith("!"))) {
    if (object[key.slice(0, -1)] === undefined) throw badRequest(`${path}.${key.slice(0, -1)} is required`);
  }
  return object;
}

/** A list of a request body. */
export function readList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest(`${path} must be an array, got ${describe(value)}`);
  return value;
}

/** A text that is not empty. */
export function readText(object: Values, key: string, path: string): string {
  const value = object[key];
  if (typeof value !== "string" || value === "")
    throw badRequest(`${path}.${key} must be a text, got ${describe(value)}`);
  return value;
}

/** A row that the caller sees. Throws a 404 otherwise. */
export function visible(world: World, viewer: Viewer, entity: Entity, id: string): Stored {
  const row = world.store.get(entity, id);
  if (row === undefined || !viewer.sees(row)) throw notFound(entity, id);
  return row;
}

/** The rows that a write's `where` means. As in the real product an empty one means all of them. */
export function affected(world: World, viewer: Viewer, entity: Entity, where: unknown): Stored[] {
  if (typeof where !== "object" || where === null) throw badRequest(`where must be an object, got ${describe(where)}`);
  return new Filter(world.renderer, viewer).select(entity, where);
}

/** Throws ResourceLocked if one of these VMs or volumes is being worked on. */
export function assertUnlocked(rows: readonly Stored[]): void {
  const locked = rows.filter(({ values }) => values.entityAsyncStatus !== null);
  if (locked.length === 0) return;
  throw resourceLocked(locked.map(({ id, entity }) => ({ id, type: entity === "Vm" ? "VM" : "VM_VOLUME" })));
}

/** A row of full shape in which nothing but the id is true. */
export function placeholder(world: World, entity: Entity, id: string): Values {
  const data: Values = {};
  for (const field of world.store.model.entity(entity).fields.values()) {
    if (field.name === "cpu") data.cpu = { cores: 1, sockets: 1 };
    else if (field.kind.is === "one" && field.required) data[field.name] = blankStub(field.kind.target);
    else data[field.name] = empty(field);
  }
  return { ...data, id };
}

function blankStub(target: string): Values {
  const fields = Object.fromEntries(stubFields(target).map((field) => [field.name, empty(field)]));
  return isEntity(target) ? fields : { id: "", ...fields };
}
