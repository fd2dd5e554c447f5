import {
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from "graphql";
import { shorten } from "../../kernel/text/shorten.js";
import { isBoilerplate, pathsInSchema } from "./paths.js";

/** A type or a field, as an agent finds it. */
export interface SchemaEntry {
  /** `Vm` or `Vm.disks`. */
  readonly name: string;
  /** Type of a field, or kind of a type: object, interface, union, input, enum, scalar. */
  readonly type: string;
  /** Arguments of a field, as in the schema; absent if there are none. */
  readonly arguments?: readonly string[];
  /** How it is reached from the root of a query, such as `vms.nodes.disks` or `vms(filter)`. */
  readonly path: string;
  readonly description?: string;
}

/** One type in full. */
export interface TypeDescription extends Omit<SchemaEntry, "arguments" | "path"> {
  readonly paths: readonly string[];
  /** Fields, or the values of an enum, or the types of a union. */
  readonly members: readonly Omit<SchemaEntry, "path">[];
}

const MAX_DESCRIPTION_CHARACTERS = 240;
/** Points for a word that is in a name, begins one of its words, is in the name of the field's type, or in the description. */
const POINTS = { name: 8, start: 6, owner: 4, description: 1 } as const;
/** Further words of a question are ignored. */
const MAX_WORDS = 12;
/** Words of a question that tell nothing of the schema. */
const UNSPECIFIC: ReadonlySet<string> = new Set(
  "a all an and are at by can does for from get has have how in is it of on or the to what when where which who with".split(
    " ",
  ),
);
/** Shorter words match whole words alone. */
const MIN_START_CHARACTERS = 3;

/** An entry with what its rank depends on. */
interface Indexed {
  readonly entry: SchemaEntry;
  readonly nameWords: readonly string[];
  readonly owner: string;
  readonly depth: number;
}

/** Where a word is: positions of entries. */
interface Places {
  readonly name: number[];
  readonly owner: number[];
  readonly description: number[];
}

/** The part of a schema that queries reach, to be searched. Lives as long as the process. */
export class SchemaIndex {
  private readonly entries: readonly Indexed[];
  private readonly places = new Map<string, Places>();
  private readonly paths: ReadonlyMap<string, readonly string[]>;

  constructor(private readonly schema: GraphQLSchema) {
    this.paths = pathsInSchema(schema);
    this.entries = [...this.paths].flatMap(([typename, paths]) => {
      const type = schema.getType(typename);
      return type === undefined || isBoilerplate(typename) ? [] : entriesOf(type, paths[0] ?? "");
    });
    for (const [position, { nameWords, owner, entry }] of this.entries.entries()) {
      for (const word of nameWords) this.placesOf(word).name.push(position);
      for (const word of wordsIn(owner)) this.placesOf(word).owner.push(position);
      for (const word of wordsIn(entry.description ?? "")) this.placesOf(word).description.push(position);
    }
  }

  /**
   * The best matches for the words of a text: rare words count more than common ones, names more than descriptions.
   *
   * @returns at most `limit` of them, and how many entries have any of the words.
   */
  search(text: string, limit: number): { readonly matches: readonly SchemaEntry[]; readonly total: number } {
    const words = wordsIn(text).filter((word) => !UNSPECIFIC.has(word));
    const scores = new Map<number, number>();
    for (const word of words.slice(0, MAX_WORDS)) {
      const points = this.pointsOf(word);
      const rarity = Math.log(1 + this.entries.length / points.size);
      for (const [position, point] of points) scores.set(position, (scores.get(position) ?? 0) + point * rarity);
    }
    const ranked = [...scores].map(([position, score]) => {
      const indexed = this.entries[position] as Indexed;
      return { ...indexed, score: score * (1 + coverage(indexed, words)) };
    });
    ranked.sort((a, b) => b.score - a.score || a.depth - b.depth || (a.entry.name < b.entry.name ? -1 : 1));
    return { matches: ranked.slice(0, limit).map(({ entry }) => entry), total: ranked.length };
  }

  private placesOf(word: string): Places {
    const known = this.places.get(word) ?? { name: [], owner: [], description: [] };
    this.places.set(word, known);
    return known;
  }

  /** Points of the entries that have a word, by their positions. */
  private pointsOf(word: string): ReadonlyMap<number, number> {
    const points = new Map<number, number>();
    const add = (positions: readonly number[] = [], point: number) => {
      for (const position of positions) points.set(position, point);
    };
    const exact = this.places.get(word);
    // From the lowest to the highest, which remains.
    add(exact?.description, POINTS.description);
    add(exact?.owner, POINTS.owner);
    if (word.length >= MIN_START_CHARACTERS) {
      for (const [other, { name }] of this.places) if (other.startsWith(word)) add(name, POINTS.start);
    }
    add(exact?.name, POINTS.name);
    return points;
  }

  /** A type with its members, or those whose name or description contains a text; undefined if queries do not reach the type. */
  describe(typename: string, contains = ""): TypeDescription | undefined {
    const type = this.schema.getType(typename);
    const paths = this.paths.get(typename);
    if (type === undefined || paths === undefined) return undefined;
    const wanted = contains.toLowerCase();
    const members = membersOf(type).filter(({ name, description = "" }) =>
      `${name} ${description}`.toLowerCase().includes(wanted),
    );
    return { ...described({ name: type.name, type: kindOf(type) }, type.description), paths, members };
  }
}

function entriesOf(type: GraphQLNamedType, path: string): Indexed[] {
  const isQuery = path === "";
  const members = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? membersOf(type) : [];
  const below = members.map(({ name, ...member }) => {
    const entry = { name: `${type.name}.${name}`, ...member, path: isQuery ? name : `${path}.${name}` };
    return indexed(entry, name, isQuery ? "" : type.name);
  });
  if (isQuery) return below;
  return [
    indexed({ ...described({ name: type.name, type: kindOf(type) }, type.description), path }, type.name),
    ...below,
  ];
}

function indexed(entry: SchemaEntry, name: string, owner = ""): Indexed {
  return { entry, nameWords: wordsIn(name), owner, depth: entry.path.split(".").length };
}

function membersOf(type: GraphQLNamedType): Omit<SchemaEntry, "path">[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    return Object.values(type.getFields()).map(({ name, type: result, args, description }) => {
      const member =
        args.length === 0
          ? { name, type: String(result) }
          : { name, type: String(result), arguments: args.map(signature) };
      return described(member, description);
    });
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) =>
      described({ name: field.name, type: signature(field).slice(field.name.length + 2) }, field.description),
    );
  }
  if (isEnumType(type))
    return type.getValues().map(({ name, description }) => described({ name, type: "value" }, description));
  return isUnionType(type)
    ? type.getTypes().map((member) => described({ name: member.name, type: kindOf(member) }, member.description))
    : [];
}

function signature({ name, type, defaultValue }: Pick<GraphQLArgument, "name" | "type" | "defaultValue">): string {
  return `${name}: ${type}${defaultValue === undefined ? "" : ` = ${JSON.stringify(defaultValue)}`}`;
}

function described<T extends object>(entry: T, description: string | null | undefined): T & { description?: string } {
  return description ? { ...entry, description: shorten(description, MAX_DESCRIPTION_CHARACTERS, "...") } : entry;
}

function kindOf(type: GraphQLNamedType): string {
  if (isObjectType(type)) return "object";
  if (isInterfaceType(type)) return "interface";
  if (isUnionType(type)) return "union";
  if (isInputObjectType(type)) return "input";
  return isEnumType(type) ? "enum" : "scalar";
}

/** Distinct words, in lower case, without the ending of a plural; those of a name in camel case too. */
function wordsIn(text: string): string[] {
  const words =
    text
      .replace(/(?<=[a-z\d])(?=[A-Z])/g, " ")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => (word.length > 3 ? word.replace(/s$/, "") : word)))];
}

/** The part of a name that is among the words, 0 to 1. */
function coverage({ nameWords }: Indexed, words: readonly string[]): number {
  return nameWords.filter((part) => words.includes(part)).length / Math.max(1, nameWords.length);
}
