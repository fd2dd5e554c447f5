import { Arg, Field, Int } from "type-graphql";
import type { Listing } from "../connections/listing.js";
import type { GraphObjectClass } from "../model/graph-object.js";
import type { Relation } from "../relations/relation.js";

/** An argument of a field, as type-graphql is told of it. */
export interface ArgumentDeclaration {
  readonly type: () => object;
  readonly nullable?: boolean;
  readonly defaultValue?: unknown;
  readonly description: string;
}

/** Tells type-graphql of the field behind a relation. Called once for each relation, when its file is loaded. */
export function declareRelation<E extends Relation>(relation: E): E {
  const { from, field, description } = relation;
  if (relation.kind === "connection") {
    declareMethod(from, field, () => relation.listing.types.connection, description, true);
    declareArguments(from.prototype, field, pageArguments(relation.listing));
    return relation;
  }
  const type = relation.to as unknown as object;
  const nullable = relation.kind === "loaded" || relation.nullable;
  declareMethod(from, field, () => (relation.many ? [type] : type), description, nullable);
  if (relation.argument !== undefined) {
    const { name, ...argument } = relation.argument;
    declareArguments(from.prototype, field, { [name]: { ...argument, nullable: true } });
  }
  return relation;
}

/** Tells type-graphql of a field's arguments. */
export function declareArguments(
  prototype: object,
  field: string,
  declarations: Readonly<Record<string, ArgumentDeclaration>>,
): void {
  for (const [index, [name, { type, ...options }]] of Object.entries(declarations).entries()) {
    Arg(name, type as never, options as object)(prototype, field, index);
  }
}

/** The arguments of a connection. */
export function pageArguments(list: Listing): Readonly<Record<string, ArgumentDeclaration>> {
  return {
    first: {
      type: () => Int,
      nullable: true,
      description: "How many objects from the start; 50 where neither `first` nor `last` is given.",
    },
    after: { type: () => String, nullable: true, description: "Only objects behind this cursor." },
    last: { type: () => Int, nullable: true, description: "How many objects from the end, instead of `first`." },
    before: { type: () => String, nullable: true, description: "Only objects before this cursor." },
    filter: { type: () => list.filter.input, nullable: true, description: "Which objects are wanted; all without it." },
    orderBy: { type: () => list.orders.input, nullable: true, description: "The list's order; by id without it." },
  };
}

function declareMethod(
  from: GraphObjectClass,
  field: string,
  type: () => unknown,
  description: string,
  nullable: boolean,
): void {
  Field(type as never, { nullable, description })(from.prototype, field, { value: undefined });
}
