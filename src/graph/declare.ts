import { Arg, Field, Int } from "type-graphql";
import type { Edge } from "./edge.js";
import type { JoinableClass } from "./joinable.js";
import type { List } from "./list/list.js";

/** An argument of a field, as type-graphql is told of it. */
export interface ArgumentDeclaration {
  readonly type: () => object;
  readonly nullable?: boolean;
  readonly defaultValue?: unknown;
  readonly description: string;
}

/** Tells type-graphql of the field behind an edge. Called once for each edge, when its file is loaded. */
export function declareEdge<E extends Edge>(edge: E): E {
  const { from, field, description } = edge;
  if (edge.kind === "list") {
    declareMethod(from, field, () => edge.list.types.connection, description, true);
    declareArguments(from.prototype, field, pageArguments(edge.list));
    return edge;
  }
  const type = edge.to as unknown as object;
  const nullable = edge.kind === "fetched" || edge.nullable;
  declareMethod(from, field, () => (edge.many ? [type] : type), description, nullable);
  if (edge.narrowing !== undefined) {
    const { name, ...argument } = edge.narrowing;
    declareArguments(from.prototype, field, { [name]: { ...argument, nullable: true } });
  }
  return edge;
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
export function pageArguments(list: List): Readonly<Record<string, ArgumentDeclaration>> {
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
  from: JoinableClass,
  field: string,
  type: () => unknown,
  description: string,
  nullable: boolean,
): void {
  Field(type as never, { nullable, description })(from.prototype, field, { value: undefined });
}
