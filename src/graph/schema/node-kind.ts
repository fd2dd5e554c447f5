import { readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { soundRows } from "../../upstream/sound-rows.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { ResourceClass } from "../model/resource.js";

/** How to look up objects of a type by the local id, the part of a global id after the colon. */
export interface NodeKind {
  readonly resource: GraphObjectClass;
  /** Whether the local id is CloudTower's id, so that relations can be loaded in parallel with the objects. */
  readonly byCloudTowerId: boolean;
  /** Calls that `find` makes at most, if the ids fit into one. @default 1 */
  readonly calls?: number;
  /** Unknown ids are omitted; an Error says why it is not known whether there is the object. */
  find(session: UpstreamSession, localIds: readonly string[]): Promise<Map<string, GraphObject | Error>>;
}

/** The kind of a node whose local id is CloudTower's id. */
export function nodeKind(resource: ResourceClass): NodeKind {
  return {
    resource,
    byCloudTowerId: true,
    async find(session, ids) {
      const { rows, odd } = soundRows(resource.entity, await readByIds(session, resource.entity, ids));
      const found = new Map<string, GraphObject | Error>(rows.map((row) => [row.id, new resource(row)]));
      if (odd !== undefined) for (const id of ids) if (!found.has(id)) found.set(id, odd);
      return found;
    },
  };
}
