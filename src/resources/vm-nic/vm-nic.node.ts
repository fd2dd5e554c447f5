import type { NodeKind } from "../../graph/schema/node-kind.js";
import { findNics } from "./nic-key.js";
import { VmNic } from "./vm-nic.type.js";

/** NICs by their stable keys. */
export const vmNicKind: NodeKind = {
  resource: VmNic,
  byCloudTowerId: false,
  async find(session, keys) {
    const rows = await findNics(session, keys);
    return new Map([...rows].map(([key, row]) => [key, new VmNic(row)]));
  },
};
