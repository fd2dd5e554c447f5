import { Field, Int, ObjectType } from "type-graphql";
import type { GraphObjectClass } from "../model/graph-object.js";
import type { Resource } from "../model/resource.js";
import type { PageRequest } from "./page-arguments.js";

/** Position of a page in its list. */
@ObjectType({ description: "Position of a page in its list." })
export class PageInfo {
  @Field(() => Boolean, {
    description: "Whether there are objects after this page; when paging backward, whether `before` was given.",
  })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: "Whether there are objects before this page; when paging forward, whether `after` was given.",
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the first object on the page; null if the page is empty.",
  })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Cursor of the last object on the page; null if the page is empty. Pass it as `after` to get the next page.",
  })
  readonly endCursor!: string | null;
}

/** One page of a list. Lives as long as one operation. */
export class Connection {
  readonly nodes: readonly Resource[];
  private readonly more: boolean;

  /** @param objects in reading order; one more than the page size if there are more. */
  constructor(
    objects: readonly Resource[],
    private readonly page: PageRequest,
    private count: () => number | Error | Promise<number>,
  ) {
    this.more = objects.length > page.size;
    const nodes = this.more ? objects.slice(0, page.size) : objects;
    this.nodes = page.backward ? nodes.toReversed() : nodes;
  }

  /** Pairs of cursor and node, created on access. */
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

  /** Sets a total that is already known. Returns this page. */
  withCount(count: number): this {
    this.count = () => count;
    return this;
  }

  /** Read upstream only if selected. If the look-ahead has read it already, its value or its error. */
  get totalCount(): number | Error | Promise<number> {
    return this.count();
  }

  private cursor(node: Resource): string {
    return this.page.cursors.encode(node.row);
  }
}

/** The connection type and the edge type of a type, named as Relay requires. */
export function connectionTypes(of: GraphObjectClass): { connection: object; edge: object } {
  const node = of as unknown as object;
  const edge = namedObject(`${of.typename}Edge`, `A ${of.typename} object in a list, with its cursor.`, {
    cursor: {
      type: () => String,
      description: "Position of the object in this sort order, for use as `after` or `before`.",
    },
    node: { type: () => node, description: "The object." },
  });
  const connection = namedObject(`${of.typename}Connection`, `A page of a list of ${of.typename} objects.`, {
    edges: { type: () => [edge], description: "The objects with their cursors." },
    nodes: { type: () => [node], description: "The objects without their cursors." },
    pageInfo: { type: () => PageInfo, description: "Position of this page in the list." },
    totalCount: {
      type: () => Int,
      nullable: true,
      description:
        "Number of objects on all pages that match the filter. May cost an upstream call; omit it if not needed.",
    },
  });
  return { connection, edge };
}

interface FieldDeclaration {
  readonly type: () => object;
  readonly description: string;
  readonly nullable?: boolean;
}

/** A class registered with type-graphql as an object type of that name. */
export function namedObject(name: string, description: string, fields: Record<string, FieldDeclaration>): object {
  const type = class {};
  Object.defineProperty(type, "name", { value: name });
  ObjectType(name, { description, simpleResolvers: true })(type);
  for (const [field, { type: fieldType, ...options }] of Object.entries(fields)) {
    Field(fieldType as never, options)(type.prototype, field);
  }
  return type;
}
