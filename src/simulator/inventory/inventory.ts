import type { Account } from "../accounts.js";
import type { Builder } from "../rows/builder.js";
import { addBlockStorage } from "./block-storage.js";
import { addLimits, addMoreLabels } from "./limits-and-labels.js";
import { addLabels, addSites, type Site } from "./sites.js";
import { addSnapshots } from "./snapshots.js";
import { addTaskHistory } from "./task-history.js";
import { addUsers } from "./users.js";
import { addVms } from "./vms.js";

/** Fills an empty store and returns the accounts. The same seed and number of VMs give the same rows. */
export function addInventory(builder: Builder, vmCount: number): readonly Account[] {
  const sites = addSites(builder);
  const [first, second, third, storage] = sites as [Site, Site, Site, Site];
  const accounts = addUsers(builder, second.cluster.id);
  const labels = addLabels(builder);
  addBlockStorage(builder, storage, third);
  const vms = addVms(builder, sites, labels, vmCount);
  addLimits(builder);
  addSnapshots(builder, [first, second, third, storage], vms);
  addMoreLabels(builder, labels);
  addTaskHistory(builder, accounts[0]?.viewer.userId ?? "", vms);
  addDeployment(builder);
  return accounts;
}

/** CloudTower itself: its id tells one installation from another. */
function addDeployment({ store, random }: Builder): void {
  const id = random.id();
  store.insert("Deploy", { id, license: { id: random.id() }, version: store.model.version.text }, null);
}
