import { arrivals } from "./arrivals.js";
import { entities } from "./contract.js";
import { countEndpointOf, endpointOf } from "./endpoints.js";
import type { Entity } from "./types.js";

/**
 * What a read uses that not every version of CloudTower has, by the names in the table of arrivals: the list itself, the fields that its
 * filter and its order name, and the values of enums in the filter. Usually empty.
 */
export function lateNames(endpoint: string, body: object): ReadonlySet<string> {
  const entity = lists.get(endpoint);
  const found = new Set<string>();
  if (entity === undefined) return found;
  const { where, orderBy } = body as { readonly where?: unknown; readonly orderBy?: unknown };
  add(found, entity);
  collect(entity, where, found);
  if (typeof orderBy === "string") add(found, `${entity}.${orderBy.replace(/_(ASC|DESC)$/, "")}`);
  return found;
}

/** The name of the list that an endpoint reads or counts, if not every version of CloudTower has it. */
export function lateList(endpoint: string): Entity | undefined {
  const entity = lists.get(endpoint);
  return entity !== undefined && Object.hasOwn(arrivals, entity) ? entity : undefined;
}

function collect(entity: Entity, where: unknown, found: Set<string>): void {
  for (const [key, value] of Object.entries((where ?? {}) as object)) {
    if (key === "AND" || key === "OR" || key === "NOT") {
      for (const part of (value ?? []) as readonly unknown[]) collect(entity, part, found);
      continue;
    }
    const field = fieldOf(entity, key);
    if (field === undefined) continue;
    add(found, `${entity}.${field}`);
    const [kind, target = ""] = kindOf(entity, field).split(" ");
    if ((kind === "one" || kind === "many") && Object.hasOwn(entities, target)) collect(target as Entity, value, found);
    if (kind === "enum") for (const item of [value].flat()) add(found, `${target}.${item}`);
  }
}

/** The field that a key of a filter is about: the key without its operator. */
function fieldOf(entity: Entity, key: string): string | undefined {
  const { fields } = entities[entity];
  // A field's name can itself end like an operator: the longest name wins.
  for (let end = key.length; end > 0; end = key.lastIndexOf("_", end - 1)) {
    const name = key.slice(0, end);
    if (Object.hasOwn(fields, name)) return name;
  }
  return undefined;
}

function kindOf(entity: Entity, field: string): string {
  return ((entities[entity].fields as Readonly<Record<string, string>>)[field] ?? "").replace("!", "");
}

function add(found: Set<string>, name: string): void {
  if (Object.hasOwn(arrivals, name)) found.add(name);
}

const lists: ReadonlyMap<string, Entity> = new Map(
  (Object.keys(entities) as Entity[]).flatMap((entity) => [
    [endpointOf(entity), entity],
    [countEndpointOf(entity), entity],
  ]),
);
