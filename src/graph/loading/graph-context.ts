import type { GraphQLObjectType, GraphQLResolveInfo } from "graphql";
import type { UpstreamSession } from "../../upstream/session.js";
import type { PageLimits } from "../connections/page-arguments.js";
import { selectsOnly } from "../plan/collect-fields.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { LookAhead } from "./look-ahead.js";
import { RelationLoaders } from "./relation-loaders.js";
import { PagedCalls } from "./shared-rows.js";

/** What the graph's resolvers need. Lives as long as the operation, or one event of a subscription. */
export class GraphContext {
  readonly loaders: RelationLoaders;
  /** Loads what a root resolver's selection contains. */
  readonly lookAhead: LookAhead;
  private readonly stubChecks = new WeakMap<object, boolean>();

  constructor(
    readonly registry: RelationRegistry,
    readonly session: UpstreamSession,
    readonly limits: PageLimits,
  ) {
    const pagedCalls = new PagedCalls();
    this.loaders = new RelationLoaders(session, limits, pagedCalls);
    this.lookAhead = new LookAhead(session, limits, pagedCalls);
  }

  /** Whether only these fields are selected, so that a stub suffices; checked once for each selection of the operation. */
  needsOnly(fields: ReadonlySet<string>, info: GraphQLResolveInfo, type: GraphQLObjectType): boolean {
    const known = this.stubChecks.get(info.fieldNodes);
    if (known !== undefined) return known;
    const result = selectsOnly(info, type, info.fieldNodes, fields);
    this.stubChecks.set(info.fieldNodes, result);
    return result;
  }
}
