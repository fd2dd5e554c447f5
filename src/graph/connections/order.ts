import { Field, registerEnumType } from "type-graphql";
import { entities } from "../../upstream/wire/contract.js";
import type { Entity } from "../../upstream/wire/types.js";
import { columnsShown } from "../model/column.js";
import type { ResourceClass } from "../model/resource.js";
import { inputClass } from "./filter-operators.js";

/** Sort direction. */
export enum Direction {
  ASC = "ASC",
  DESC = "DESC",
}
registerEnumType(Direction, {
  name: "Direction",
  description: "Sort direction.",
  valuesConfig: {
    ASC: { description: "Smallest first; objects without a value are last." },
    DESC: { description: "Largest first; objects without a value are first." },
  },
});

/** A total order: an upstream field and a direction; ties are broken by id. */
export interface Ordering {
  /** Name in the schema, such as `CREATED_AT`. */
  readonly name: string;
  /** Upstream field. */
  readonly field: string;
  /** Whether the value may be null. */
  readonly nullable: boolean;
  /** Kind of the values, as the contract table spells it: `string`, `date`, `int32`, `int64` or `double`. */
  readonly kind: string;
  readonly direction: Direction;
}

/**
 * The sort orders of a type: `{field: NAME, direction: DESC}`. Its objects can be sorted by the columns that the class declares with
 * `order: true`.
 */
export class Orders<E extends Entity = Entity> {
  readonly input: new () => object;
  private readonly fields: Readonly<Record<string, string>>;

  /** @param order columns that no field shows unchanged: CloudTower's column by the name in the order. */
  constructor(
    private readonly resource: ResourceClass<E>,
    order: Readonly<Record<string, string>> = {},
  ) {
    const { typename } = resource;
    const shown = [...columnsShown(resource)].filter(([, column]) => column.order);
    this.fields = {
      ...Object.fromEntries(shown.map(([field, { name }]) => [screamingSnakeCase(field), name])),
      ...order,
    };
    const names = { ID: "ID", ...Object.fromEntries(Object.keys(this.fields).map((name) => [name, name])) };
    registerEnumType(names, {
      name: `${typename}OrderField`,
      description: `Fields that ${typename} objects can be sorted by.`,
      valuesConfig: Object.fromEntries(
        Object.keys(names).map((name) => [name, { description: `By \`${camelCase(name)}\`.` }]),
      ),
    });
    this.input = inputClass(`${typename}Order`, `Sort order of ${typename} objects; ties are broken by id.`);
    Field(() => names, { description: "Field to sort by." })(this.input.prototype, "field");
    Field(() => Direction, { defaultValue: Direction.ASC, description: "Sort direction." })(
      this.input.prototype,
      "direction",
    );
  }

  /** The order that the client requested; by id if it requested none. */
  ordering(input: { field: string; direction: Direction } | null | undefined): Ordering {
    const name = input?.field ?? "ID";
    const field = this.fields[name] ?? "id";
    const kind = (entities[this.resource.entity].fields as Record<string, string>)[field] ?? "";
    const direction = input?.direction ?? Direction.ASC;
    return { name, field, nullable: !kind.endsWith("!"), kind: kind.replace("!", ""), direction };
  }
}

/** The reverse order. */
export function reversed(ordering: Ordering): Ordering {
  return { ...ordering, direction: ordering.direction === Direction.ASC ? Direction.DESC : Direction.ASC };
}

/** Maximum number of calls for one page: for its rows, for those of a tie that its end may cut, and for those without a value. */
export function callsPerPage({ field, nullable }: Ordering, size: number, rowsPerCall: number): number {
  const reads = 1 + (field === "id" ? 0 : 1) + (nullable ? 1 : 0);
  return reads * Math.ceil((size + 1) / rowsPerCall);
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
      return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31;
    case "int64":
      return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 63;
    case "double":
      return Number.isFinite(value);
    default:
      return false;
  }
}

const DATE = /^\d{4}-\d\d-\d\d/;

/** No database stores a null character, and UTF-8 has no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && !/\p{Surrogate}/u.test(text);
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function screamingSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
