import { endpointOf } from "../../upstream/wire/endpoints.js";
import { lateNames } from "../../upstream/wire/late-names.js";
import { laterOf } from "../../upstream/wire/versions.js";
import type { ResourceClass } from "../model/resource.js";
import type { Relation } from "./relation.js";

/** What the relation needs and not every version of CloudTower has, by its name in the table of arrivals; the latest if several. */
export function relationArrival(relation: Relation): string | undefined {
  const { entity } = relation.from as unknown as Partial<ResourceClass>;
  const ofParent = relation.parentColumns.map((column) => `${entity}.${column}`);
  switch (relation.kind) {
    case "embedded":
      return laterOf(ofParent);
    case "loaded": {
      const where = relation.where?.([]);
      const endpoint = relation.endpoints[0] ?? "";
      // The key is the parent's id: its other columns only tell how many objects there are.
      return laterOf([...(relation.keyIsId ? [] : ofParent), ...lateNames(endpoint, { where })]);
    }
    case "connection":
      return laterOf(lateNames(endpointOf(relation.listing.resource.entity), { where: relation.where([]) }));
  }
}
