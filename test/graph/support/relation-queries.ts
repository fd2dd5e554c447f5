import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isLeafType } from "graphql";
import type { Relation } from "../../../src/graph/relations/relation.js";
import { fullSchema } from "../../../src/schema/schema.js";
import { entities } from "../../../src/upstream/wire/contract.js";

/** A query that follows one edge from many objects, and what it should cost. */
export interface EdgeQuery {
  /** Takes `$n`: how many objects to start from. */
  readonly query: string;
  /** The upstream operations, one call each, in alphabetical order. */
  readonly operations: readonly string[];
  /** What each object led to, with the id of the object that the query listed. */
  found(data: unknown): { readonly from: string; readonly to: readonly { readonly id?: string }[] }[];
}

/** Edges from things that no root field lists: through which list and which fields they are reached. */
const WAYS: Readonly<Record<string, { list: string; fields: readonly string[] }>> = {
  VmSnapshotDisk: { list: "vmSnapshots", fields: ["disks"] },
  StorageVolume: { list: "iscsiLuns", fields: ["storageVolume"] },
  "StorageVolume.lun": { list: "iscsiLunSnapshots", fields: ["storageVolume"] },
  "StorageVolume.lunSnapshot": { list: "iscsiLunSnapshots", fields: ["storageVolume"] },
  "StorageVolume.namespace": { list: "nvmfNamespaceSnapshots", fields: ["storageVolume"] },
  "StorageVolume.namespaceSnapshot": { list: "nvmfNamespaceSnapshots", fields: ["storageVolume"] },
};

/** Lists of which only some objects have the edge. */
const ONLY: Readonly<Record<string, string>> = {
  "Task.vm": 'resourceType: {eq: "VM"}',
  "Task.vmSnapshot": 'resourceType: {eq: "VM_SNAPSHOT"}',
  "IscsiLunSnapshot.previous": 'name: {startsWith: "Afrozen"}',
  "IscsiLunSnapshot.volumeSnapshot": 'name: {startsWith: "Afrozen"}',
};

/** The names of all edges, by the type that they start from. */
export function edgesByType(): [string, readonly Relation[]][] {
  const byType = new Map<string, Relation[]>();
  for (const relation of fullSchema().relations.relations)
    byType.set(relation.from.typename, [...(byType.get(relation.from.typename) ?? []), relation]);
  return [...byType];
}

/** Follows an edge. Asks below it for what its stub cannot answer, or with `stubOnly` for nothing else. */
export function edgeQuery(relation: Relation, { stubOnly = false } = {}): EdgeQuery {
  const { schema } = fullSchema();
  const name = `${relation.from.typename}.${relation.field}`;
  const way = WAYS[name] ??
    WAYS[relation.from.typename] ?? { list: listOf(schema, relation.from.typename), fields: [] };
  const filter = ONLY[name] === undefined ? "" : `, filter: {${ONLY[name]}}`;
  const target = schema.getType(relation.to.typename) as GraphQLObjectType;
  const wanted = stubOnly
    ? stubFields(relation, target)
    : `${"id" in target.getFields() ? "id " : ""}${ownField(target)}`;
  const below = relation.kind === "connection" ? `nodes { ${wanted} }` : wanted;
  const selection = way.fields.reduceRight((inner, field) => `${field} { ${inner} }`, `${relation.field} { ${below} }`);
  const operations = [operationOf(schema, way.list), ...(stubOnly ? [] : operationsOf(relation))].sort();
  return {
    query: `query ($n: Int!) { list: ${way.list}(first: $n${filter}) { nodes { from: id ${selection} } } }`,
    operations,
    found(data) {
      const { nodes } = (data as { list: { nodes: ({ from: string } & Record<string, unknown>)[] } }).list;
      return nodes.map((node) => ({
        from: node.from,
        to: dig(node, [...way.fields, relation.field]) as { id?: string }[],
      }));
    },
  };
}

function operationsOf(relation: Relation): readonly string[] {
  if (relation.kind === "embedded") return [];
  return relation.kind === "loaded" ? relation.endpoints : [`get-${entities[relation.listing.resource.entity].path}`];
}

/** The root field that lists a type. */
function listOf(schema: GraphQLSchema, typename: string): string {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  const list = fields.find((field) => getNamedType(field.type).name === `${typename}Connection`);
  if (list === undefined) throw new Error(`no root field lists ${typename}: say in WAYS how it is reached`);
  return list.name;
}

function operationOf(schema: GraphQLSchema, list: string): string {
  const connection = getNamedType(schema.getQueryType()?.getFields()[list]?.type);
  const typename = connection?.name.replace(/Connection$/, "") as keyof typeof entities;
  return `get-${entities[typename].path}`;
}

/** A field that no stub holds. */
function ownField(type: GraphQLObjectType): string {
  const held = new Set(["id", "cloudTowerId", "name", "key", "value"]);
  const field = Object.values(type.getFields()).find(
    (candidate) => !held.has(candidate.name) && isLeafType(getNamedType(candidate.type)) && candidate.args.length === 0,
  );
  if (field === undefined) throw new Error(`${type.name} has no field of its own`);
  return field.name;
}

function stubFields(relation: Relation, type: GraphQLObjectType): string {
  const held = relation.kind === "loaded" ? (relation.stub?.fields ?? new Set()) : new Set();
  return [...held].filter((name) => (name as string) in type.getFields()).join(" ");
}

/** What lies behind a path of fields, lists and connections flattened. */
function dig(value: unknown, path: readonly string[]): unknown[] {
  const values = [value].flat().filter((item) => item !== null);
  const [field, ...rest] = path;
  if (field === undefined) return values;
  return values.flatMap((item) => {
    const next = (item as Record<string, unknown>)[field];
    return dig((next as { nodes?: unknown } | null)?.nodes ?? next, rest);
  });
}
