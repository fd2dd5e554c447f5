import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Resource, ResourceClass } from "../../src/graph/model/resource.js";
import { fullSchema } from "../../src/schema/schema.js";
import { entities, enums } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { contractPaths } from "./support/contract-paths.js";
import { readAll } from "./support/read-all.js";
import { sampleRow } from "./support/sample-row.js";

const leftOut = leftOutFields();
const classes = resourceClasses();

describe.each(Object.keys(entities) as Entity[])("%s", (entity) => {
  test("each field of the contract is in the schema or left out for a stated reason", () => {
    const required = contractPaths(entity).filter((path) => !isLeftOut(path));
    const read = fieldsRead(entity);

    const missing = required.filter((path) => !read.has(path) && !isRelation(entity, path));
    expect(missing, "neither in the schema nor in docs/left-out.md").toEqual([]);
    const shown = contractPaths(entity).filter((path) => isLeftOut(path) && read.has(path));
    expect(shown, "in the schema although docs/left-out.md lists them as left out").toEqual([]);
  });

  test("each field of the schema has a value if the row has one", () => {
    const resource = classes.get(entity);
    if (resource === undefined) return;

    const empty = readAll(resource.typename, new resource(sampleRow(entity, () => {}) as never));
    expect(empty.filter((field) => !DERIVED.has(field))).toEqual([]);
  });

  test("each enum value of the contract is known", () => {
    const resource = classes.get(entity);
    for (const [field, kind] of Object.entries(entities[entity].fields)) {
      const name = /^enum (\w+)/.exec(kind)?.[1];
      if (resource === undefined || name === undefined || isLeftOut(`${entity}.${field}`)) continue;
      for (const value of (enums as Record<string, readonly string[]>)[name] ?? []) {
        if (value === "UNKNOWN") continue;
        const row = sampleRow(
          entity,
          () => {},
          (path) => (path === field ? value : undefined),
        );
        const unknown = readAll(resource.typename, new resource(row as never)).filter((empty) => !DERIVED.has(empty));
        expect(unknown, `${entity}.${field}: ${value}`).toEqual([]);
      }
    }
  });
});

test("docs/left-out.md names only fields of the contract", () => {
  const known = new Set(
    (Object.keys(entities) as Entity[]).flatMap((entity) => [`${entity}.*`, ...contractPaths(entity)]),
  );
  expect([...leftOut].filter((path) => !known.has(path))).toEqual([]);
});

test("each relation between two types has an inverse or is listed in docs/left-out.md", () => {
  const { relations } = fullSchema().relations;
  const oneWay = relations
    .filter(
      ({ from, to }) =>
        !relations.some((other) => other.from.typename === to.typename && other.to.typename === from.typename),
    )
    .map(({ from, field }) => `${from.typename}.${field}`);
  expect(oneWay.sort()).toEqual([...oneWayRelations()].sort());
});

/** Fields that are null even if every column of the row has a value, with the reason. */
const DERIVED = new Set([
  // Only failed tasks with nested error texts have one.
  "TaskError.innerCode",
  // Only tasks that are executing have one.
  "Task.secondsLeft",
]);

/** The paths of a row that the schema's fields read. */
function fieldsRead(entity: Entity): Set<string> {
  const read = new Set<string>();
  const resource = classes.get(entity);
  if (resource !== undefined)
    readAll(resource.typename, new resource(sampleRow(entity, (path) => read.add(path)) as never));
  return read;
}

/** Whether the path is a list of objects that a relation leads to, so that the row's own list is not needed. */
function isRelation(entity: Entity, path: string): boolean {
  const kind = (entities[entity].fields as Record<string, string>)[path.slice(entity.length + 1)] ?? "";
  const target = /^many (\w+)/.exec(kind)?.[1];
  return fullSchema().relations.relations.some(
    (relation) => relation.from.typename === entity && relation.to.typename === target,
  );
}

function isLeftOut(path: string): boolean {
  const parts = path.split(".");
  return parts.some((_, end) => leftOut.has(parts.slice(0, end + 1).join("."))) || leftOut.has(`${parts[0]}.*`);
}

/** The classes of the graph by entity. */
function resourceClasses(): Map<Entity, ResourceClass> {
  const found = new Map<Entity, ResourceClass>();
  for (const { from, to } of fullSchema().relations.relations) {
    for (const type of [from, to] as unknown as ResourceClass<Entity, Resource>[]) {
      if (type.entity !== undefined) found.set(type.entity, type);
    }
  }
  return found;
}

/** The first column of the tables under a heading of docs/left-out.md. */
function firstColumn(heading: string): string[] {
  const text = readFileSync(new URL("../../docs/left-out.md", import.meta.url), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  const rows = [...section.matchAll(/^\|([^|]+)\|([^|]+)\|$/gm)].slice(2);
  for (const [row, , reason] of rows) if (reason?.trim() === "") throw new Error(`no reason given: ${row}`);
  return rows.flatMap(([, names]) => [...(names ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] as string));
}

function leftOutFields(): Set<string> {
  return new Set(firstColumn("Fields"));
}

function oneWayRelations(): string[] {
  return firstColumn("One-way relations");
}
