import {
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";

/** A valid operation with its variables. */
export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What generated operations may mention. */
export interface GeneratorOptions {
  readonly schema: GraphQLSchema;
  /** Global ids that exist, for root fields and `node`. */
  readonly ids: readonly string[];
  /** Levels below a root field. */
  readonly depth: number;
  /** Fields that are left out: `Type.field`. */
  readonly without?: ReadonlySet<string>;
  /** Whether lists have orders. @default false */
  readonly orders?: boolean;
}

/**
 * Makes valid queries at random: nested selections, aliases, fragments, `@include` and `@skip` by variable, arguments, `node`.
 *
 * The same seed gives the same queries.
 */
export class OperationGenerator {
  private seed: number;
  private fragments: string[] = [];

  constructor(
    private readonly options: GeneratorOptions,
    seed: number,
  ) {
    this.seed = seed;
  }

  next(): GeneratedOperation {
    this.fragments = [];
    const query = this.options.schema.getQueryType() as GraphQLObjectType;
    const fields = Object.values(query.getFields());
    const roots = Array.from({ length: 1 + this.below(2) }, (_, index) => {
      const field = fields[this.below(fields.length)] as GraphQLField<unknown, unknown>;
      return this.field(query, field, this.options.depth, `r${index}`);
    }).filter((root) => root !== "");
    if (roots.length === 0) return this.next();
    const body = [...roots, ...this.fragments].join("\n");
    const size = body.includes("$size") ? ", $size: Int" : "";
    const used = "used: __typename @include(if: $yes) @skip(if: $no)";
    const text = `query Generated($yes: Boolean!, $no: Boolean!${size}) { ${roots.join(" ")} ${used} }`;
    const variables = { yes: true, no: false, ...(size !== "" && { size: 2 }) };
    return { query: [text, ...this.fragments].join("\n"), variables };
  }

  private field(
    parent: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    depth: number,
    alias: string,
  ): string {
    if (this.options.without?.has(`${parent.name}.${field.name}`)) return "";
    const type = getNamedType(field.type);
    if (isCompositeType(type) && depth === 0) return "";
    const args = this.args(parent, field);
    if (args === undefined) return "";
    const selection = isCompositeType(type) ? this.selection(type, depth - 1) : "";
    const directive = ["", "", "", " @include(if: $yes)", " @skip(if: $no)", " @include(if: $no)"][this.below(6)];
    return `${alias}: ${field.name}${args}${directive}${selection}`;
  }

  private selection(type: GraphQLOutputType, depth: number): string {
    const { schema } = this.options;
    if (isAbstractType(type)) {
      const possible = schema.getPossibleTypes(type);
      const one = possible[this.below(possible.length)] as GraphQLObjectType;
      return ` { __typename ${this.common(type)} ... on ${one.name}${this.selection(one, depth)} }`;
    }
    if (!isObjectType(type)) return "";
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    const wanted = [
      ...this.some(leaves, 3),
      ...this.some(
        fields.filter((field) => !leaves.includes(field)),
        2,
      ),
    ];
    const parts = wanted.map((field, index) =>
      this.field(type, field, depth, this.below(4) === 0 ? `a${index}` : field.name),
    );
    const selection = `{ __typename ${parts.join(" ")} }`;
    if (this.below(5) > 0) return ` ${selection}`;
    const name = `F${this.fragments.length}_${type.name}`;
    this.fragments.push(`fragment ${name} on ${type.name} ${selection}`);
    return ` { ...${name} __typename }`;
  }

  private common(type: GraphQLOutputType): string {
    return "getFields" in type && Object.hasOwn(type.getFields(), "id") ? "id" : "";
  }

  private args(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string | undefined {
    const given: string[] = [];
    for (const argument of field.args) {
      const id = this.options.ids[this.below(this.options.ids.length)] as string;
      if (argument.name === "first") given.push(this.below(2) === 0 ? "first: $size" : `first: ${1 + this.below(4)}`);
      else if (argument.name === "orderBy" && this.options.orders) given.push(...this.order(argument.type));
      else if (argument.name === "id") given.push(`id: ${JSON.stringify(this.idFor(parent, field) ?? id)}`);
      else if (argument.name === "ids") given.push(`ids: ${JSON.stringify(this.some(this.options.ids, 3))}`);
      else if (argument.name === "zbsId") given.push(`zbsId: "unknown"`);
      else if (argument.name === "type" && this.below(2) === 0) given.push("type: DISK");
      else if (isRequiredArgument(argument)) return undefined;
    }
    return given.length === 0 ? "" : `(${given.join(", ")})`;
  }

  /** An order of a list, or none. */
  private order(type: GraphQLInputType): string[] {
    if (this.below(2) === 0) return [];
    const input = getNamedType(type) as GraphQLInputObjectType;
    const fields = (getNamedType(input.getFields().field?.type) as GraphQLEnumType).getValues();
    const field = fields[this.below(fields.length)]?.name;
    return [`orderBy: {field: ${field}, direction: ${this.below(2) === 0 ? "ASC" : "DESC"}}`];
  }

  /** An id of the type that the root field gives, where there is one. */
  private idFor(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string | undefined {
    if (parent.name !== "Query" || field.name === "node") return undefined;
    const prefix = `${getNamedType(field.type).name}:`;
    return this.options.ids.find((id) => id.startsWith(prefix)) ?? `${prefix}unknown`;
  }

  private some<T>(list: readonly T[], most: number): T[] {
    const picked = new Set<T>();
    for (let count = 1 + this.below(most); count > 0 && list.length > 0; count -= 1)
      picked.add(list[this.below(list.length)] as T);
    return [...picked];
  }

  /** A number from 0 to `bound` - 1: a linear congruential generator, good enough to pick fields. */
  private below(bound: number): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.seed / 2 ** 32) * bound);
  }
}
