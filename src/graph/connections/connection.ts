import { Field, Int, ObjectType } from "type-graphql";
import type { GraphObjectClass } from "../model/graph-object.js";
import type { Resource } from "../model/resource.js";
import { encodeCursor } from "./cursor.js";
import type { PageRequest } from "./page-arguments.js";

/** Where a page stands in its list. */
@ObjectType({ description: "Where a page stands in its list." })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether there are objects behind this page." })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: "Whether there are objects before this page; when paging forward, whether the page began at a cursor.",
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first object of the page." })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the last object of the page: the next page's `after`.",
  })
  readonly endCursor!: string | null;
}

/** One page of a list. Lives as long as one operation. */
export class Connection {
  readonly nodes: readonly Resource[];
  private readonly more: boolean;

  /** @param objects as read, one more than the page's size where there is more. */
  constructor(
    objects: readonly Resource[],
    private readonly page: PageRequest,
    private count: () => number | Error | Promise<number>,
  ) {
    this.more = objects.length > page.size;
    const nodes = this.more ? objects.slice(0, page.size) : objects;
    this.nodes = page.backward ? nodes.toReversed() : nodes;
  }

  /** Pairs of cursor and node, made when asked for. */
  get edges(): { node: Resource; cursor: string }[] {
    return this.nodes.map((node) => ({ node, cursor: this.cursor(node) }));
  }

  get pageInfo(): PageInfo {
    const { page, more, nodes } = this;
    const [first, last] = [nodes[0], nodes.at(-1)];
    return {
      hasNextPage: page.backward ? page.after !== undefined : more,
      hasPreviousPage: page.backward ? more : page.after !== undefined,
      startCursor: first === undefined ? null : this.cursor(first),
      endCursor: last === undefined ? null : this.cursor(last),
    };
  }

  /** The same page with a total that is known already. */
  withCount(count: number): this {
    this.count = () => count;
    return this;
  }

  /** Asked upstream only when selected: known by then where the look-ahead saw it, or the error that it met. */
  get totalCount(): number | Error | Promise<number> {
    return this.count();
  }

  private cursor(node: Resource): string {
    return encodeCursor(this.page.ordering, node.row);
  }
}

/** The connection type and the edge type of one kind of object, named as Relay wants them. */
export function connectionTypes(of: GraphObjectClass): { connection: object; edge: object } {
  const node = of as unknown as object;
  const edge = namedObject(`${of.typename}Edge`, `One ${of.typename} of a list, with its place in it.`, {
    cursor: { type: () => String, description: "The object's place in this order: an `after` or `before`." },
    node: { type: () => node, description: "The object." },
  });
  const connection = namedObject(`${of.typename}Connection`, `One page of a list of ${of.typename} objects.`, {
    edges: { type: () => [edge], description: "The objects with their cursors." },
    nodes: { type: () => [node], description: "The objects alone." },
    pageInfo: { type: () => PageInfo, description: "Where this page stands in the list." },
    totalCount: {
      type: () => Int,
      nullable: true,
      description:
        "How many objects the filter matches on all pages. Costs an upstream call; leave it out if not needed.",
    },
  });
  return { connection, edge };
}

interface FieldDeclaration {
  readonly type: () => object;
  readonly description: string;
  readonly nullable?: boolean;
}

function namedObject(name: string, description: string, fields: Record<string, FieldDeclaration>): object {
  const type = class {};
  Object.defineProperty(type, "name", { value: name });
  ObjectType(name, { description, simpleResolvers: true })(type);
  for (const [field, { type: fieldType, ...options }] of Object.entries(fields)) {
    Field(fieldType as never, options)(type.prototype, field);
  }
  return type;
}
