import { Field, registerEnumType } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import { isForeignId } from "../../upstream/placeholders.js";
import { entities } from "../../upstream/wire/contract.js";
import type { Entity } from "../../upstream/wire/types.js";
import { columnsShown } from "../model/column.js";
import type { ResourceClass } from "../model/resource.js";
import { enumOf } from "./define-enum.js";
import { Direction } from "./direction.js";
import { inputClass } from "./filter-operators.js";
import { type Grouping, numberOfGroups } from "./value-groups.js";

/** One criterion of an order, as a client gives it. */
export interface Criterion {
  /** Name in the schema, such as `CREATED_AT`. */
  readonly field: string;
  readonly direction: Direction;
}

/** A total order: by the groups of columns with few values, in each group by an upstream field; ties are broken by id. */
export interface Ordering {
  /** What the client requested, in words of the schema. */
  readonly criteria: readonly Criterion[];
  readonly groupings: readonly Grouping[];
  /** Upstream field. */
  readonly field: string;
  /** Whether the value may be null, or a placeholder, which counts as none. */
  readonly nullable: boolean;
  /** Kind of the values, as the contract table spells it: `string`, `date`, `int32`, `int64` or `double`. */
  readonly kind: string;
  readonly direction: Direction;
}

/** A column that objects can be sorted by. */
interface SortableColumn {
  readonly name: string;
  readonly kind: string;
  readonly nullable: boolean;
  /** CloudTower's values in order, if there are few. */
  readonly values?: readonly (string | boolean)[];
}

const ID: SortableColumn = { name: "id", kind: "string", nullable: false };

/**
 * The sort orders of a type: `[{field: NAME, direction: DESC}]`. Its objects can be sorted by each column that the class shows and
 * CloudTower can sort by, unless it is declared with `order: false`.
 *
 * CloudTower sorts by one column. So only criteria before the last one can be added for which rows can be read value by value: enums and
 * Booleans.
 */
export class Orders<E extends Entity = Entity> {
  readonly input: new () => object;
  private readonly columns: ReadonlyMap<string, SortableColumn>;
  private readonly typename: string;

  /** @param order columns that no field shows unchanged: CloudTower's column by the name in the order. */
  constructor(resource: ResourceClass<E>, order: Readonly<Record<string, string>> = {}) {
    const { typename } = resource;
    this.typename = typename;
    this.columns = new Map([["ID", ID], ...sortableColumns(resource, order)]);
    const names = Object.fromEntries([...this.columns.keys()].map((name) => [name, name]));
    registerEnumType(names, {
      name: `${typename}OrderField`,
      description: `Fields that ${typename} objects can be sorted by.`,
      valuesConfig: Object.fromEntries(
        [...this.columns].map(([name, column]) => [name, { description: descriptionOf(name, column) }]),
      ),
    });
    this.input = inputClass(
      `${typename}Order`,
      `A criterion of the sort order of ${typename} objects; ties of the last one are broken by id.`,
    );
    Field(() => names, { description: "Field to sort by." })(this.input.prototype, "field");
    Field(() => Direction, { defaultValue: Direction.ASC, description: "Sort direction." })(
      this.input.prototype,
      "direction",
    );
  }

  /**
   * The order that the client requested, its first criterion first; by id if it requested none.
   *
   * @throws TowerError BAD_USER_INPUT for criteria that CloudTower cannot sort by together.
   */
  ordering(requested: readonly Criterion[] | null | undefined): Ordering {
    const criteria = withoutImpliedId(requested?.length ? requested : [{ field: "ID", direction: Direction.ASC }]);
    const columns = criteria.map(({ field }) => this.columns.get(field) ?? ID);
    const last = columns.at(-1) ?? ID;
    this.checkCriteria(criteria, columns);
    const inLine = last.values === undefined ? last : ID;
    const grouped = columns.slice(0, last.values === undefined ? -1 : undefined);
    const directionAt = (index: number) => criteria[index]?.direction ?? Direction.ASC;
    return {
      criteria,
      groupings: grouped.map(({ name, kind, nullable, values = [] }, index) => {
        return { ...{ field: name, nullable, values }, isOpen: kind !== "boolean", direction: directionAt(index) };
      }),
      ...{ field: inLine.name, nullable: inLine.nullable, kind: inLine.kind },
      direction: directionAt(criteria.length - 1),
    };
  }

  private checkCriteria(criteria: readonly Criterion[], columns: readonly SortableColumn[]): void {
    const names = criteria.map(({ field }) => field);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw badInput(`orderBy must name a field once, got ${twice} twice.`);
    const at = columns.slice(0, -1).findIndex(({ values }) => values === undefined);
    if (at === -1) return;
    const grouped = [...this.columns].flatMap(([name, { values }]) => (values === undefined ? [] : name));
    const advice =
      grouped.length === 0
        ? `Sort ${this.typename} objects by one field.`
        : `Only fields with few values can precede others: ${grouped.join(", ")}.`;
    throw badInput(
      `orderBy cannot sort by ${names[at + 1]} after ${names[at]}: CloudTower sorts by one column. ${advice}`,
    );
  }
}

/** The reverse order. */
export function reversed(ordering: Ordering): Ordering {
  const groupings = ordering.groupings.map((grouping) => ({ ...grouping, direction: opposite(grouping.direction) }));
  return { ...ordering, groupings, direction: opposite(ordering.direction) };
}

function opposite(direction: Direction): Direction {
  return direction === Direction.ASC ? Direction.DESC : Direction.ASC;
}

/** The columns that an order reads of a row. */
export function columnsOfOrder({ groupings, field }: Ordering): string[] {
  return [...groupings.map((grouping) => grouping.field), field];
}

/**
 * Maximum number of calls for one page: for its rows, for those of a tie that its end may cut, and for those without a value; in each
 * group, if there are several, after one call has not brought all groups.
 */
export function callsPerPage({ groupings, field, nullable }: Ordering, size: number, rowsPerCall: number): number {
  const reads = 1 + (field === "id" ? 0 : 1) + (nullable ? 1 : 0);
  const groups = numberOfGroups(groupings);
  const attempts = groupings.length > 0 ? 1 : 0;
  return attempts + reads * (groups - 1 + Math.ceil((size + 1) / rowsPerCall));
}

/** Whether a value from outside can be one of those that are ordered. */
export function isValueOf({ kind, nullable }: Ordering, value: unknown): value is string | number | null {
  if (value === null) return nullable;
  switch (kind) {
    case "string":
      return typeof value === "string" && isStorable(value);
    case "date":
      return typeof value === "string" && (value === "" || (DATE.test(value) && !Number.isNaN(Date.parse(value))));
    case "int32":
      return isIntegerOf(31, value);
    case "int64":
      return isIntegerOf(63, value);
    case "double":
      return Number.isFinite(value);
    default:
      return false;
  }
}

/** Whether rows are read with null in place of some of the column's values: placeholders, which count as none. */
export function canBePlaceholder({ field, kind }: Pick<Ordering, "field" | "kind">): boolean {
  return kind === "string" && isForeignId(field);
}

/** A date, or a date and a time, with or without a time zone. */
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)? ?(Z|[+-]\d\d:?\d\d)?$/;

function isIntegerOf(bits: number, value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= -(2 ** bits) && (value as number) < 2 ** bits;
}

/** No database stores a null character, and UTF-8 has no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && !/\p{Surrogate}/u.test(text);
}

/** Ties are broken by id in the direction of the last criterion: an id that says the same adds nothing. */
function withoutImpliedId(criteria: readonly Criterion[]): readonly Criterion[] {
  const [before, last] = criteria.slice(-2);
  const isImplied = criteria.length > 1 && last?.field === "ID" && last.direction === before?.direction;
  return isImplied ? criteria.slice(0, -1) : criteria;
}

function* sortableColumns(
  resource: ResourceClass,
  order: Readonly<Record<string, string>>,
): Generator<[name: string, column: SortableColumn]> {
  const kinds = entities[resource.entity].fields as Readonly<Record<string, string>>;
  const columnOf = (name: string, values?: SortableColumn["values"]): SortableColumn => {
    const kind = kinds[name] ?? "";
    const inOrder = kind.replace("!", "") === "boolean" ? [false, true] : values;
    return {
      name,
      kind: kind.replace("!", ""),
      nullable: !kind.endsWith("!") || canBePlaceholder({ field: name, kind: kind.replace("!", "") }),
      values: inOrder,
    };
  };
  for (const [field, { name, codec, order: isOrder = true }] of columnsShown(resource)) {
    const column = columnOf(name, enumOf(codec)?.upstreamValues);
    const isSortable = column.values !== undefined || SORTABLE.has(column.kind);
    if (isOrder && isSortable) yield [screamingSnakeCase(field), column];
  }
  for (const [name, column] of Object.entries(order)) yield [name, columnOf(column)];
}

/** Kinds of columns whose values CloudTower can compare. */
const SORTABLE: ReadonlySet<string> = new Set(["string", "date", "int32", "int64", "double"]);

function descriptionOf(name: string, { kind, values }: SortableColumn): string {
  const by = `By \`${camelCase(name)}\``;
  if (values === undefined) return `${by}.`;
  return kind === "boolean"
    ? `${by}: false before true.`
    : `${by}, in alphabetical order of the values; UNKNOWN is last.`;
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function screamingSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
