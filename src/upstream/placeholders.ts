import { embedded, entities, stubs } from "./wire/contract.js";

/** While CloudTower makes an object, the ids that the cluster has yet to give it are of the form `placeholder-<uuid>`. */
export const PLACEHOLDER_PREFIX = "placeholder-";

/** Whether a text column is an id that is not CloudTower's own, such as `local_id` or `zbs_snapshot_uuid`: it can be a placeholder. */
export function isForeignId(column: string): boolean {
  return /_(id|uuid)$/.test(column);
}

/** Whether a value is a placeholder. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && value.startsWith(PLACEHOLDER_PREFIX);
}

/**
 * The response of an endpoint, in which a placeholder is null: it is no id, and must never be shown, compared or looked up.
 *
 * Called once for each response, before any reader has it. Changes the response; one that is not a list of rows stays as it is.
 *
 * @param columns the columns that the rows have. @default all
 */
export function withoutPlaceholders(endpoint: string, response: unknown, columns?: ReadonlySet<string>): unknown {
  const ids = idsByEndpoint.get(endpoint);
  if (ids === undefined || !Array.isArray(response)) return response;
  const present = columns === undefined ? ids : only(columns, ids);
  if (present.own.length > 0 || present.inside.length > 0) for (const row of response) clear(row, present);
  return response;
}

function only(columns: ReadonlySet<string>, { own, inside }: Ids): Ids {
  return { own: own.filter((name) => columns.has(name)), inside: inside.filter(([name]) => columns.has(name)) };
}

/** The columns of an object that are ids, and those that hold objects with ids. */
interface Ids {
  readonly own: readonly string[];
  readonly inside: readonly (readonly [column: string, ids: Ids])[];
}

function clear(value: unknown, ids: Ids): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) clear(item, ids);
    return;
  }
  const object = value as Record<string, unknown>;
  for (const column of ids.own) if (isPlaceholder(object[column])) object[column] = null;
  for (const [column, inner] of ids.inside) clear(object[column], inner);
}

type Kinds = Readonly<Record<string, string>>;

function idsIn(fields: Kinds): Ids {
  const columns = Object.entries(fields).map(([name, kind]) => [name, kind.replace("!", "")] as const);
  return {
    own: columns.filter(([name, kind]) => kind === "string" && isForeignId(name)).map(([name]) => name),
    inside: columns.flatMap(([name, kind]) => {
      const ids = idsIn(fieldsOf(kind));
      return ids.own.length + ids.inside.length === 0 ? [] : [[name, ids] as const];
    }),
  };
}

/** Fields of the objects in a column of this kind; none for a plain value. */
function fieldsOf(kind: string): Kinds {
  const [word, name = ""] = kind.split(" ");
  const table: Readonly<Record<string, Kinds>> =
    word === "json" ? embedded : word === "one" || word === "many" ? stubs : {};
  return table[name.replace(/[[\]]/g, "")] ?? {};
}

const idsByEndpoint: ReadonlyMap<string, Ids> = new Map(
  Object.values(entities).map(({ path, fields }) => [`get-${path}`, idsIn(fields)]),
);
