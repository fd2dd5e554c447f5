import { type GraphQLObjectType, type GraphQLResolveInfo, getNamedType } from "graphql";
import type { UpstreamSession } from "../../upstream/session.js";
import type { PageLimits } from "../connections/page-arguments.js";
import { selectedNames } from "../plan/collect-fields.js";
import type { LoadedRelation } from "../relations/relation.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { stubColumns } from "../relations/stub.js";
import { LookAhead } from "./look-ahead.js";
import { RelationLoaders } from "./relation-loaders.js";
import { PagedCalls } from "./shared-rows.js";

/** What the graph's resolvers need. Lives as long as the operation, or one event of a subscription. */
export class GraphContext {
  readonly loaders: RelationLoaders;
  /** Loads what a root resolver's selection contains. */
  readonly lookAhead: LookAhead;
  private readonly columnsOfStubs = new WeakMap<object, { readonly columns: readonly string[] | undefined }>();

  constructor(
    readonly registry: RelationRegistry,
    readonly session: UpstreamSession,
    readonly limits: PageLimits,
  ) {
    const pagedCalls = new PagedCalls();
    this.loaders = new RelationLoaders(session, limits, pagedCalls);
    this.lookAhead = new LookAhead(session, limits, pagedCalls);
  }

  /** The columns that a selection reads of a relation's stubs; undefined if they cannot answer it. Computed once for each selection. */
  stubColumns(relation: LoadedRelation, info: GraphQLResolveInfo): readonly string[] | undefined {
    if (relation.stub === undefined) return undefined;
    let known = this.columnsOfStubs.get(info.fieldNodes);
    if (known === undefined) {
      const type = getNamedType(info.returnType) as GraphQLObjectType;
      known = { columns: stubColumns(relation, selectedNames(info, type, info.fieldNodes)) };
      this.columnsOfStubs.set(info.fieldNodes, known);
    }
    return known.columns;
  }
}
