import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { RelationRegistry } from "../../graph/relations/relation-registry.js";
import type { Variables } from "./arguments.js";
import { CostSum, type Pricing } from "./cost-sum.js";

/** Upper bound of an operation's cost, estimated from its text and page sizes. */
export interface Cost {
  /** Calls to CloudTower. */
  readonly calls: number;
  /** Objects in the result. */
  readonly objects: number;
}

/**
 * Prices an operation before it runs.
 *
 * Relations are priced by their description: an embedded one costs no call, a loaded one a call per `idsPerCall` parents, and a
 * connection its page size for each parent. Takes time linear to the fields with fragments expanded, which are limited earlier.
 */
export class OperationPricer {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly relations: RelationRegistry,
    private readonly pricing: Pricing,
  ) {}

  /**
   * Cost of a valid operation.
   *
   * @throws TowerError BAD_USER_INPUT for a filter in which a condition says nothing, and for wrong arguments of a list below objects:
   * they hold for all parents, so that nothing has to be read or written to refuse them.
   */
  price(
    operation: OperationDefinitionNode,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    variables: Variables,
  ): Cost {
    const root = this.schema.getRootType(operation.operation);
    if (root == null) return { calls: 0, objects: 0 };
    const { schema, relations, pricing } = this;
    const sum = new CostSum({ schema, relations, pricing, fragments, variables });
    sum.add(operation.selectionSet, { type: root, count: 1, isRoot: true });
    return { calls: sum.calls, objects: sum.objects };
  }
}
