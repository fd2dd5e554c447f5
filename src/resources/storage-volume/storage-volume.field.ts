import type { NodeKind } from "../../graph/schema/node-kind.js";
import { findNodes, type RootField } from "../../graph/schema/root-fields.js";
import { cloudTowerId } from "../../kernel/text/global-id.js";
import { StorageVolume } from "./storage-volume.type.js";

/** `Query.storageVolume(zbsId)`. */
export function storageVolumeField(kind: NodeKind): RootField {
  return {
    name: "storageVolume",
    type: () => StorageVolume,
    nullable: true,
    description: "Looks up a ZBS volume by its id in ZBS; null if it does not exist.",
    leadsTo: { type: StorageVolume },
    lookupCalls: () => kind.calls ?? 1,
    args: { zbsId: { type: () => String, description: "Id in ZBS, as in `StorageVolume.zbsId`." } },
    async resolve(_, { zbsId }: { zbsId: string }, { graph }, info) {
      const found = await findNodes(graph, info, kind, [cloudTowerId(StorageVolume.typename, zbsId)]);
      return found.values().next().value ?? null;
    },
  };
}
