import type { NodeKind } from "../../graph/schema/node-kind.js";
import { findDisks } from "./disk-key.js";
import { VmDisk } from "./vm-disk.type.js";

/** Disks by their stable keys. */
export const vmDiskKind: NodeKind = {
  resource: VmDisk,
  byCloudTowerId: false,
  async find(session, keys) {
    const rows = await findDisks(session, keys);
    return new Map([...rows].map(([key, row]) => [key, new VmDisk(row)]));
  },
};
