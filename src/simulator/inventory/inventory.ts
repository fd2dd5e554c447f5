/** The whole inventory: the same for the same seed and size. */
import type { Builder } from "../rows/volume.js";
import type { Account } from "../users.js";
import { addAccounts } from "./accounts.js";
import { addBlock } from "./block.js";
import { addLabels, addSites, type Site } from "./clusters.js";
import { addHistory } from "./history.js";
import { addSnapshots } from "./snapshots.js";
import { addLimits, addMoreLabels } from "./variety.js";
import { addVms } from "./vms.js";

/** Fills an empty store and returns the accounts. */
export function addInventory(builder: Builder, vmCount: number): readonly Account[] {
  const sites = addSites(builder);
  const [first, second, third, storage] = sites as [Site, Site, Site, Site];
  const accounts = addAccounts(builder, second.cluster.id);
  const labels = addLabels(builder);
  addBlock(builder, storage, third);
  const vms = addVms(builder, sites, labels, vmCount);
  addLimits(builder);
  addSnapshots(builder, [first, second, third, storage], vms);
  addMoreLabels(builder, labels);
  addHistory(builder, accounts[0]?.viewer.userId ?? "", vms);
  return accounts;
}
