import { readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { ResourceClass } from "../model/resource.js";

/** How objects of one type are found by what stands behind the colon of their global ids. */
export interface NodeKind {
  readonly resource: GraphObjectClass;
  /** True where that is CloudTower's id, so that relations can be loaded beside the objects. */
  readonly byCloudTowerId: boolean;
  /** Ids of nothing are left out. */
  find(session: UpstreamSession, localIds: readonly string[]): Promise<Map<string, GraphObject>>;
}

/** The kind of node that stands on CloudTower's own ids. */
export function nodeKind(resource: ResourceClass): NodeKind {
  return {
    resource,
    byCloudTowerId: true,
    async find(session, ids) {
      const rows = await readByIds(session, resource.entity, ids);
      return new Map(rows.map((row) => [row.id, new resource(row)]));
    },
  };
}
