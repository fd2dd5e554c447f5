import type { Entity } from "../../upstream/wire/types.js";
import { columnsShown } from "../model/column.js";
import type { ResourceClass } from "../model/resource.js";
import type { RelationRegistry } from "../relations/relation-registry.js";

/**
 * The schema's names of CloudTower's fields, such as `Vm.usedSizeBytes` for `Vm.used_size`; the given name if the schema has none.
 */
export function fieldNames({ relations }: RelationRegistry): (name: string) => string {
  const names = new Map<string, string>();
  const add = (entity: Entity, column: string, shown: string) => {
    const name = `${entity}.${column}`;
    if (!names.has(name)) names.set(name, shown);
  };
  for (const relation of relations) {
    for (const type of [relation.from, relation.to] as unknown as ResourceClass[]) {
      if (type.entity === undefined) continue;
      for (const [field, { name }] of columnsShown(type)) add(type.entity, name, `${type.typename}.${field}`);
    }
  }
  for (const { from, field, parentColumns } of relations) {
    const { entity } = from as unknown as Partial<ResourceClass>;
    for (const column of parentColumns) if (entity !== undefined) add(entity, column, `${from.typename}.${field}`);
  }
  return (name) => names.get(name) ?? name;
}
