import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isLeafType } from "graphql";
import type { Relation } from "../../../src/graph/relations/relation.js";
import { fullSchema } from "../../../src/schema/schema.js";
import { entities } from "../../../src/upstream/wire/contract.js";

/** A query that follows one relation from many objects, and the calls that it should take. */
export interface RelationQuery {
  /** Has the variable `$n`: the number of objects to start from. */
  readonly query: string;
  /** The endpoints called, once each, in alphabetical order. */
  readonly endpoints: readonly string[];
  /** The objects that each listed object leads to, with the id of the listed object. */
  found(data: unknown): { readonly from: string; readonly to: readonly { readonly id?: string }[] }[];
}

/** The endpoint in whose place CloudTower 4.8 has one without the executions of plans. */
export function plainEndpoint(endpoint: string): string {
  return endpoint.replace(/-without-executions$/, "");
}

/** Types that no root field lists: the list and the fields through which they are reached. */
const PATHS: Readonly<Record<string, { list: string; fields: readonly string[] }>> = {
  VmSnapshotDisk: { list: "vmSnapshots", fields: ["disks"] },
  StorageVolume: { list: "iscsiLuns", fields: ["storageVolume"] },
  "StorageVolume.lun": { list: "iscsiLunSnapshots", fields: ["storageVolume"] },
  "StorageVolume.lunSnapshot": { list: "iscsiLunSnapshots", fields: ["storageVolume"] },
  "StorageVolume.namespace": { list: "nvmfNamespaceSnapshots", fields: ["storageVolume"] },
  "StorageVolume.namespaceSnapshot": { list: "nvmfNamespaceSnapshots", fields: ["storageVolume"] },
};

/** Filters for relations that only some objects of the list have. */
const FILTERS: Readonly<Record<string, string>> = {
  "Task.vm": 'resourceType: {eq: "VM"}',
  "Task.vmSnapshot": 'resourceType: {eq: "VM_SNAPSHOT"}',
  "IscsiLunSnapshot.previous": 'name: {startsWith: "Afrozen"}',
  "IscsiLunSnapshot.volumeSnapshot": 'name: {startsWith: "Afrozen"}',
};

/** All relations, by the type that they start from. */
export function relationsByType(): [string, readonly Relation[]][] {
  const byType = new Map<string, Relation[]>();
  for (const relation of fullSchema().relations.relations)
    byType.set(relation.from.typename, [...(byType.get(relation.from.typename) ?? []), relation]);
  return [...byType];
}

/** Follows a relation and selects a field that its stub does not have, or with `stubOnly` only fields of the stub. */
export function relationQuery(relation: Relation, { stubOnly = false } = {}): RelationQuery {
  const { schema } = fullSchema();
  const name = `${relation.from.typename}.${relation.field}`;
  const path = PATHS[name] ??
    PATHS[relation.from.typename] ?? { list: listOf(schema, relation.from.typename), fields: [] };
  const filter = FILTERS[name] === undefined ? "" : `, filter: {${FILTERS[name]}}`;
  const target = schema.getType(relation.to.typename) as GraphQLObjectType;
  const fields = stubOnly
    ? stubFields(relation, target)
    : `${"id" in target.getFields() ? "id " : ""}${ownField(target)}`;
  const inside = relation.kind === "connection" ? `nodes { ${fields} }` : fields;
  const isLeftOut = relation.kind === "connection" && relation.listing.leftOut !== undefined;
  const args = isLeftOut ? "(includeRecycleBin: true)" : "";
  const whole = path.list === "vms" ? ", includeRecycleBin: true" : "";
  const selection = path.fields.reduceRight(
    (inner, field) => `${field} { ${inner} }`,
    `${relation.field}${args} { ${inside} }`,
  );
  const endpoints = [endpointOf(schema, path.list), ...(stubOnly ? [] : endpointsOf(relation))].sort();
  return {
    query: `query ($n: Int!) { list: ${path.list}(first: $n${filter}${whole}) { nodes { from: id ${selection} } } }`,
    endpoints,
    found(data) {
      const { nodes } = (data as { list: { nodes: ({ from: string } & Record<string, unknown>)[] } }).list;
      return nodes.map((node) => ({
        from: node.from,
        to: valuesAt(node, [...path.fields, relation.field]) as { id?: string }[],
      }));
    },
  };
}

function endpointsOf(relation: Relation): readonly string[] {
  if (relation.kind === "embedded") return [];
  return relation.kind === "loaded" ? relation.endpoints : [`get-${entities[relation.listing.resource.entity].path}`];
}

/** The root field that lists a type. */
export function listOf(schema: GraphQLSchema, typename: string): string {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  const list = fields.find((field) => getNamedType(field.type).name === `${typename}Connection`);
  if (list === undefined) throw new Error(`no root field lists ${typename}: add it to PATHS`);
  return list.name;
}

function endpointOf(schema: GraphQLSchema, list: string): string {
  const connection = getNamedType(schema.getQueryType()?.getFields()[list]?.type);
  const typename = connection?.name.replace(/Connection$/, "") as keyof typeof entities;
  return `get-${entities[typename].path}`;
}

/** A field that no stub has. */
function ownField(type: GraphQLObjectType): string {
  const inStubs = new Set(["id", "cloudTowerId", "name", "key", "value"]);
  const field = Object.values(type.getFields()).find(
    (candidate) =>
      !inStubs.has(candidate.name) && isLeafType(getNamedType(candidate.type)) && candidate.args.length === 0,
  );
  if (field === undefined) throw new Error(`${type.name} has no field outside of stubs`);
  return field.name;
}

function stubFields(relation: Relation, type: GraphQLObjectType): string {
  const fields = relation.kind === "loaded" ? (relation.stub?.fields ?? new Set()) : new Set();
  return [...fields].filter((name) => (name as string) in type.getFields()).join(" ");
}

/** The values at a path of fields, with lists and connections flattened. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const values = [value].flat().filter((item) => item !== null);
  const [field, ...rest] = path;
  if (field === undefined) return values;
  return values.flatMap((item) => {
    const next = (item as Record<string, unknown>)[field];
    return valuesAt((next as { nodes?: unknown } | null)?.nodes ?? next, rest);
  });
}
