import { Field } from "type-graphql";
import type { embedded, stubs } from "../../upstream/wire/contract.js";
import type { Entity, FieldsOf } from "../../upstream/wire/types.js";
import { arrivedIn } from "../../upstream/wire/versions.js";
import type { Codec } from "./codec.js";

/** What clients can do with a column besides reading it. */
export interface ColumnOptions {
  /** The list's filter has conditions on it. @default false */
  readonly filter?: boolean;
  /** False if the list cannot be sorted by it, although CloudTower sorts by columns of its kind. @default true */
  readonly order?: boolean;
}

/** A field that shows one column of CloudTower's row. */
export interface Column extends ColumnOptions {
  /** CloudTower's name, such as `local_created_at`. */
  readonly name: string;
  readonly codec: Codec;
}

/** Declares the fields of a class over rows with the columns F. */
export interface ColumnDecorator<F> {
  /**
   * A field that shows a column: its getter, its GraphQL type, its filter and its order.
   *
   * @example `@column("memory", bytes, "Memory, in bytes.", { filter: true }) readonly memoryBytes!: number | null;`
   */
  <C extends keyof F & string, T>(
    name: C,
    codec: Codec<Kind<F[C]>, T>,
    description: string,
    options?: ColumnOptions,
  ): <P extends string, O extends { readonly [K in P]: unknown }>(
    prototype: O & ([O[P], T] extends [T, O[P]] ? unknown : never),
    field: P,
  ) => void;

  /** The columns that a computed field reads. */
  reads(...names: readonly (keyof F & string)[]): (prototype: object, field: string) => void;
}

/** Declares the fields of a class over rows of an entity; of several entities for the columns that all of them have. */
export function columnsOf<E extends Entity>(...entities: readonly [E, ...E[]]): ColumnDecorator<FieldsOf<E>> {
  return columnDecorator(entities, (names) => names);
}

/**
 * Declares the fields of a class over objects that arrive inside a row, such as a frozen disk. They read nothing of that row but the
 * column that they arrived in, which the field that embeds them declares.
 */
export function columnsOfEmbedded<N extends keyof typeof embedded>(name: N): ColumnDecorator<(typeof embedded)[N]> {
  return columnDecorator([name], () => []);
}

/** Declares the fields of a class over what a row holds of a related object; see `columnsOfEmbedded`. */
export function columnsOfStub<N extends keyof typeof stubs>(name: N): ColumnDecorator<(typeof stubs)[N]> {
  return columnDecorator([`Nested${name}`], () => []);
}

/** The columns that a computed field of a class over rows of any kind reads. A row of a kind that lacks one of them is read without. */
export function reads(...names: readonly string[]): (prototype: object, field: string) => void {
  return (prototype, field) => declare(prototype, field, { reads: names });
}

/** The columns of the row that a field of the class reads; undefined if the class does not declare them. */
export function columnsRead(of: object, field: string): readonly string[] | undefined {
  return declaration(of, field)?.reads;
}

/** The column that a field of the class shows; undefined if the field is computed. */
export function columnShown(of: object, field: string): Column | undefined {
  return declaration(of, field)?.column;
}

/** The columns that the class and its base classes show, by the name of the field. */
export function columnsShown(of: object): Map<string, Column> {
  const shown = new Map<string, Column>();
  for (let type: object | null = of; typeof type === "function"; type = Object.getPrototypeOf(type)) {
    for (const [field, { column }] of own(type) ?? []) {
      if (column !== undefined && !shown.has(field)) shown.set(field, column);
    }
  }
  return shown;
}

/** The contract's kind of a column, whether or not the contract requires a value. */
export type Kind<K> = K extends `${infer Inner}!` ? Inner : K & string;

interface Declaration {
  readonly reads: readonly string[];
  readonly column?: Column;
}

/** Kept on the class itself. */
const DECLARATIONS = Symbol("columns by field");
type Declaring = { [DECLARATIONS]?: Map<string, Declaration> };

function declaration(of: object, field: string): Declaration | undefined {
  for (let type: object | null = of; typeof type === "function"; type = Object.getPrototypeOf(type)) {
    const found = own(type)?.get(field);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Those of the class alone: a static property would be inherited. */
function own(type: object): Map<string, Declaration> | undefined {
  return Object.hasOwn(type, DECLARATIONS) ? (type as Declaring)[DECLARATIONS] : undefined;
}

function declare(prototype: object, field: string, declared: Declaration): void {
  const type = prototype.constructor as Declaring;
  if (!Object.hasOwn(type, DECLARATIONS)) Object.defineProperty(type, DECLARATIONS, { value: new Map() });
  type[DECLARATIONS]?.set(field, declared);
}

/**
 * A description with the version of CloudTower since which there is what it describes.
 *
 * @param names in the table of arrivals; several for what arrived at the same time.
 */
export function withArrival(description: string, ...names: readonly string[]): string {
  const [version, ...others] = new Set(names.map(arrivedIn));
  if (others.length > 0) throw new Error(`one description for what arrived in different versions: ${names.join(", ")}`);
  return version === undefined ? description : `${description} Since CloudTower ${version}.`;
}

/**
 * @param types the types that have the columns, as in the table of arrivals.
 * @param readOfRow the columns of the whole row that a field reads, by the columns that it names.
 */
function columnDecorator<F>(
  types: readonly string[],
  readOfRow: (names: readonly string[]) => readonly string[],
): ColumnDecorator<F> {
  const column = (name: string, codec: Codec, description: string, options: ColumnOptions = {}) => {
    return (prototype: object, field: string) => {
      Field(codec.graphqlType as never, {
        nullable: codec.nullable,
        description: withArrival(description, ...types.map((type) => `${type}.${name}`)),
      })(prototype, field);
      Object.defineProperty(prototype, field, {
        configurable: true,
        get(this: { readonly row: Readonly<Record<string, unknown>> }) {
          return codec.fromUpstream(this.row[name]);
        },
      });
      declare(prototype, field, { reads: readOfRow([name]), column: { name, codec, ...options } });
    };
  };
  return Object.assign(column, {
    reads: (...names: string[]) => reads(...readOfRow(names)),
  }) as unknown as ColumnDecorator<F>;
}
