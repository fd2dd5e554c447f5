import type { GraphQLObjectType, GraphQLResolveInfo } from "graphql";
import { Int } from "type-graphql";
import type { GraphContext } from "../graph/loading/graph-context.js";
import { objectsBelow } from "../graph/plan/operation-plan.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { asError, badInput } from "../kernel/errors.js";
import { objectsIn } from "../kernel/odd-values.js";
import { isCloudTowerId, quote } from "../kernel/text/global-id.js";
import { MissingInVersionError } from "../upstream/known-version.js";
import { readPage } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";
import { soundRows } from "../upstream/sound-rows.js";
import { endpointOf } from "../upstream/wire/endpoints.js";
import type { Entity, Row, Where } from "../upstream/wire/types.js";
import { SearchKindEnum, type SearchMatch, SearchResult } from "./search.types.js";
import { type SearchKind, searchKinds } from "./search-kinds.js";

const MAX_FIRST = 100;
const DEFAULT_FIRST = 10;
const MAX_TEXT_LENGTH = 100;

interface SearchArguments {
  readonly text: string;
  readonly kinds?: readonly string[] | null;
  readonly first: number;
}

/** `search(text)`: objects of several kinds by a text, with one list call for each kind. */
export const searchField: RootField = {
  name: "search",
  type: () => [SearchResult],
  nullable: "items",
  description: `Finds objects by a text in their names, IP addresses, ids, serial numbers or labels, also VMs in the recycle bin. Special characters are literal. CloudTower compares case: found are the text as it is given, in lower case, in upper case, and with a capital first letter; "WebServer" is not found by "webserver". An error stands in place of a kind that CloudTower does not list.`,
  args: {
    text: { type: () => String, description: `The text, 1 to ${MAX_TEXT_LENGTH} characters, or a global id.` },
    kinds: { type: () => [SearchKindEnum], nullable: true, description: "Kinds of objects; all if omitted." },
    first: {
      type: () => Int,
      defaultValue: DEFAULT_FIRST,
      description: `Maximum number of objects of each kind, 1 to ${MAX_FIRST}; the first by id.`,
    },
  },
  // One for each kind, and one that reads CloudTower's version.
  lookupCalls: (args) => namesOf(args as never).length + 1,
  lookupObjects: (args) =>
    namesOf(args as never).length * Math.min((args as never as SearchArguments).first, MAX_FIRST),
  async resolve(_, args: SearchArguments, { graph }, info) {
    const { text, first } = args;
    if (text.trim() === "" || text.length > MAX_TEXT_LENGTH) {
      const length = text.length === 1 ? "1 character" : `${text.length} characters`;
      throw badInput(
        `"text" must have 1 to ${MAX_TEXT_LENGTH} characters that are not all spaces, got ${quote(text)} (${length}).`,
      );
    }
    if (first < 1 || first > MAX_FIRST) throw badInput(`first must be between 1 and ${MAX_FIRST}, got ${first}.`);
    const found = await Promise.all(
      namesOf(args).map((name) => searchKind(graph, info, name, args).catch((error: unknown) => [asError(error)])),
    );
    return found.flat();
  },
};

/** Distinct, so that none is read twice. */
function namesOf({ kinds }: SearchArguments): string[] {
  return Object.keys(searchKinds).filter((name) => !kinds || kinds.includes(name));
}

async function searchKind(
  graph: GraphContext,
  info: GraphQLResolveInfo,
  name: string,
  { text, first }: SearchArguments,
): Promise<(SearchResult | Error)[]> {
  const kind = searchKinds[name] as SearchKind;
  const { resource } = kind.listing;
  const where = { OR: await conditions(graph.session, kind, text) } as Where<never>;
  const read = await readPage(graph.session, resource.entity, { where, orderBy: "id_ASC", first }).catch(noneIfMissing);
  const { rows, odd } = soundRows(resource.entity, read);
  const results = rows.flatMap((row) => {
    const matches = matchesOf(kind, row, text);
    return matches.length === 0 ? [] : [{ kind: name, node: new resource(row), matches }];
  });
  const type = info.schema.getType("SearchResult") as GraphQLObjectType;
  const plan = objectsBelow(info, graph.registry, { type, field: "node", objects: resource });
  await graph.lookAhead.load(
    plan,
    results.map(({ node }) => node),
  );
  return odd === undefined ? results : [...results, odd];
}

function noneIfMissing(error: unknown): never[] {
  if (error instanceof MissingInVersionError) return [];
  throw error;
}

/** CloudTower's conditions, each of which finds objects; those that its version certainly lacks are left out. */
async function conditions(session: UpstreamSession, { listing, fields, hasLabels }: SearchKind, text: string) {
  const { entity, typename } = listing.resource;
  const contains = (column: string) => spellings(text).map((spelling) => ({ [`${column}_contains`]: spelling }));
  const all: object[] = [
    { id: localIdIn(text, typename) },
    ...fields.flatMap(({ column }) => contains(column)),
    ...(hasLabels ? [{ labels_some: { OR: [...contains("key"), ...contains("value")] } }] : []),
  ];
  const isPresent = async (where: object) => (await session.missing(endpointOf(entity), { where })) === undefined;
  const present = await Promise.all(all.map(isPresent));
  return all.filter((_, index) => present[index]);
}

/** The local id in a global id of the type; the text itself if it is none. */
function localIdIn(text: string, typename: string): string {
  const localId = text.startsWith(`${typename}:`) ? text.slice(typename.length + 1) : "";
  return isCloudTowerId(localId) ? localId : text;
}

/** The text as CloudTower may have it: it compares case. */
function spellings(text: string): string[] {
  const lower = text.toLowerCase();
  return [...new Set([text, lower, text.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)])];
}

/** The fields of a row that have the text. None if CloudTower found it for another reason, such as a character that it takes for a pattern. */
function matchesOf({ listing, fields, hasLabels }: SearchKind, row: Row<Entity>, text: string): SearchMatch[] {
  const wanted = text.toLowerCase();
  const has = (value: unknown): value is string => typeof value === "string" && value.toLowerCase().includes(wanted);
  const matches: SearchMatch[] = [];
  if (row.id === text || `${listing.resource.typename}:${row.id}` === text) {
    matches.push({ field: "cloudTowerId", value: row.id });
  }
  const values = row as Readonly<Record<string, unknown>>;
  for (const { field, column } of fields) {
    const value = values[column];
    if (has(value)) matches.push({ field, value });
  }
  if (!hasLabels) return matches;
  const labels = objectsIn(values.labels as readonly LabelStub[] | null | undefined);
  for (const { key, value } of labels) {
    if (has(key) || has(value))
      matches.push({ field: "labels", value: value ? `${key ?? ""}: ${value}` : (key ?? "") });
  }
  const isUnnamed = ({ key }: LabelStub) => key === undefined || key === null;
  if (matches.length === 0 && labels.some(isUnnamed)) matches.push({ field: "labels", value: null });
  return matches;
}

interface LabelStub {
  readonly key?: string | null;
  readonly value?: string | null;
}
