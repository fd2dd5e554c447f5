import { entities } from "../../../src/upstream/wire/contract.js";
import type { Entity } from "../../../src/upstream/wire/types.js";
import { embeddedIn } from "./sample-row.js";

/** The paths of all fields of an entity, including those of embedded objects. */
export function contractPaths(entity: Entity): string[] {
  return pathsOf(entities[entity].fields, entity);
}

function pathsOf(fields: Readonly<Record<string, string>>, path: string): string[] {
  return Object.entries(fields).flatMap(([name, kind]) => {
    const inner = embeddedIn(kind);
    const own = `${path}.${name}`;
    return inner === undefined ? [own] : [own, ...pathsOf(inner, own)];
  });
}
