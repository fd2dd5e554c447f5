import type { TypePaths } from "./type-paths.js";

/** An object of a response, drawn once wherever it is found. */
export interface GraphObject {
  /** Its global id, or its place in the response if that does not show an id. */
  readonly key: string;
  /** Global id; undefined if the selection has none. */
  readonly id: string | undefined;
  /** Type name, or the field that leads to it if that is all there is. */
  readonly type: string;
  /** What people know it by. */
  readonly title: string;
  /** What the selection has of it, by name, apart from other objects. */
  readonly fields: ReadonlyMap<string, unknown>;
}

/** A field that leads from one object to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** The objects of a response and what leads where, in the order of the response. */
export interface ResponseGraph {
  readonly objects: ReadonlyMap<string, GraphObject>;
  readonly edges: readonly GraphEdge[];
  /** Number of places in the response whose objects are not part of the graph, because it is full. */
  readonly omitted: number;
}

/** More cannot be told apart, and would not be drawn in time. */
export const MAX_OBJECTS = 2_000;

type Json = Record<string, unknown>;

interface Place {
  readonly parent: string | undefined;
  /** The field that leads here. */
  readonly label: string;
  /** Path of response keys. */
  readonly path: string;
  /** Position in a list; undefined outside of one. */
  readonly index: number | undefined;
}

/** Reads the graph out of the data of a response. */
export function responseGraph(data: unknown, types: TypePaths = new Map(), maxObjects = MAX_OBJECTS): ResponseGraph {
  const objects = new Map<string, GraphObject & { readonly fields: Map<string, unknown> }>();
  const edges = new Map<string, GraphEdge>();
  let omitted = 0;

  function visit(value: unknown, place: Place): void {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, { ...place, index });
      });
      return;
    }
    if (!isObject(value)) return;
    const declared = types.get(place.path);
    const rows = rowsOf(value, declared);
    if (rows !== undefined) {
      const { parent } = place;
      const fields = parent === undefined ? undefined : objects.get(parent)?.fields;
      for (const [name, part] of Object.entries(value)) if (isScalar(part)) fields?.set(`${place.label}.${name}`, part);
      visit(rows.items, { ...place, path: join(place.path, rows.path) });
      return;
    }
    const found = describe(value, place, declared);
    const known = objects.get(found.key);
    if (known === undefined && objects.size >= maxObjects) {
      omitted += 1;
      return;
    }
    const object = known ?? found;
    objects.set(object.key, object);
    const { parent, label } = place;
    if (parent !== undefined && parent !== object.key)
      edges.set(`${parent}>${label}>${object.key}`, { from: parent, to: object.key, label });
    for (const [name, part] of Object.entries(value)) {
      if (isScalar(part)) object.fields.set(name, part);
      else visit(part, { parent: object.key, label: name, path: join(place.path, name), index: undefined });
    }
  }

  if (isObject(data)) {
    for (const [name, part] of Object.entries(data))
      visit(part, { parent: undefined, label: name, path: name, index: undefined });
  }
  return { objects, edges: [...edges.values()], omitted };
}

/** The rows of a connection or a page, which are not objects of their own. An alias may give any object a field of such a name. */
function rowsOf(
  value: Json,
  declared = "Connection",
): { readonly items: unknown[]; readonly path: string } | undefined {
  if (!/(Connection|Page)$/.test(declared)) return undefined;
  if (Array.isArray(value.nodes)) return { items: value.nodes, path: "nodes" };
  if (!Array.isArray(value.edges)) return undefined;
  return { items: value.edges.map((edge) => (isObject(edge) ? edge.node : undefined)), path: "edges.node" };
}

function describe(value: Json, place: Place, declared: string | undefined) {
  const given = text(value.id);
  const type = text(value.__typename) ?? prefixOf(given) ?? declared;
  const bare = type === "StorageVolume" ? (text(value.zbsId) ?? text(value.cloudTowerId)) : text(value.cloudTowerId);
  const id = prefixOf(given) === undefined ? type && bare && `${type}:${bare}` : given;
  return {
    key: id ?? placeKey(value, place),
    id,
    type: type ?? place.label,
    title: titleOf(value, place),
    fields: new Map<string, unknown>(),
  };
}

/** Two places are one if the same field of one object leads there. In a list only if the rows also look the same: arguments may differ. */
function placeKey(value: Json, { parent, path, label, index }: Place): string {
  const own = parent === undefined ? path : `${parent} ${label}`;
  if (index === undefined) return own;
  return `${own} ${index} ${JSON.stringify(Object.entries(value).filter(([, part]) => isScalar(part)))}`;
}

/** Fields that people know an object by, best first. */
const TITLES = ["name", "description", "username", "message", "zbsId", "code", "cloudTowerId"];

function titleOf(value: Json, { label, index }: Place): string {
  const title = TITLES.map((name) => text(value[name])).find((candidate) => candidate !== undefined);
  if (title !== undefined) return title;
  return index === undefined ? label : `${singular(label)} ${index + 1}`;
}

/** `disk` of `disks`: names of lists in the schema are regular. */
function singular(label: string): string {
  return label.replace(/ies$/, "y").replace(/s$/, "");
}

/** `Vm` of `Vm:clre5s001002y0822q6q4nsi9`. */
function prefixOf(id: string | undefined): string | undefined {
  return /^([A-Z]\w*):./.exec(id ?? "")?.[1];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => isScalar(item));
  return typeof value !== "object" || value === null;
}

function join(path: string, name: string): string {
  return `${path}.${name}`;
}
