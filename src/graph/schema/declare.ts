import { Arg, Field, Int } from "type-graphql";
import type { Listing } from "../connections/listing.js";
import { withArrival } from "../model/column.js";
import type { GraphObjectClass } from "../model/graph-object.js";
import type { Relation } from "../relations/relation.js";
import { relationArrival } from "../relations/relation-arrival.js";

/** An argument of a field, as declared to type-graphql. */
export interface ArgumentDeclaration {
  readonly type: () => object;
  readonly nullable?: boolean;
  readonly defaultValue?: unknown;
  readonly description: string;
}

/** Declares the field of a relation to type-graphql. Called once per relation, when its file is loaded. */
export function declareRelation<E extends Relation>(relation: E): E {
  const { from, field } = relation;
  const arrival = relationArrival(relation);
  const description = arrival === undefined ? relation.description : withArrival(relation.description, arrival);
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

/** Declares the arguments of a field to type-graphql. */
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
      description:
        "Number of objects from the start of the list, 0 to MAX_PAGE_SIZE (1000 by default). Defaults to DEFAULT_PAGE_SIZE (50 by default) if neither `first` nor `last` is given.",
    },
    after: { type: () => String, nullable: true, description: "Objects after this cursor." },
    last: {
      type: () => Int,
      nullable: true,
      description:
        "Number of objects from the end of the list, instead of `first`; 0 to MAX_PAGE_SIZE (1000 by default).",
    },
    before: { type: () => String, nullable: true, description: "Objects before this cursor." },
    filter: {
      type: () => list.filter.input,
      nullable: true,
      description:
        "Objects that match these conditions; all if omitted or null. An empty condition, at any depth, is an error.",
    },
    orderBy: {
      type: () => [list.orders.input],
      nullable: true,
      description:
        "Sort order, the first criterion first; defaults to `id`. CloudTower sorts by one column, so only enums and Booleans can precede another criterion.",
    },
    ...(list.leftOut && {
      [list.leftOut.argument]: { type: () => Boolean, defaultValue: false, description: list.leftOut.description },
    }),
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
