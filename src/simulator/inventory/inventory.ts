import type { Account } from "../accounts.js";
import type { Builder } from "../rows/builder.js";
import { addBlockStorage } from "./block-storage.js";
import { addLimits, addMoreLabels } from "./limits-and-labels.js";
import { addBackups } from "./plans/backups.js";
import { addReplication } from "./plans/replication.js";
import { addSnapshotPlans } from "./plans/snapshot-plans.js";
import { addLabels, addSites, type Site } from "./sites.js";
import { addSnapshots } from "./snapshots.js";
import { addTaskHistory } from "./task-history.js";
import { addUsers } from "./users.js";
import { addVms } from "./vms.js";

/**
 * Fills an empty store and returns the accounts. The same seed and number of VMs give the same rows.
 *
 * @param now the simulator's time, in ms since 1970: what plans have done lately is counted from here, and is as old in every simulator.
 */
export function addInventory(builder: Builder, vmCount: number, now: number): readonly Account[] {
  const sites = addSites(builder);
  const [first, second, third, storage] = sites as [Site, Site, Site, Site];
  const accounts = addUsers(builder, second.cluster.id);
  const labels = addLabels(builder);
  addBlockStorage(builder, storage, third);
  const vms = addVms(builder, sites, labels, vmCount);
  const plans = addLimits(builder);
  addSnapshots(builder, [first, second, third, storage], vms);
  addMoreLabels(builder, labels);
  addTaskHistory(builder, accounts[0]?.viewer.userId ?? "", vms);
  addDeployment(builder);
  addSnapshotPlans(builder, plans.snapshots);
  addBackups(builder, plans.backups, now);
  addReplication(builder, now);
  return accounts;
}

/** CloudTower itself: its id tells one installation from another. */
function addDeployment({ store, random }: Builder): void {
  const id = random.id();
  store.insert("Deploy", { id, license: { id: random.id() }, version: store.model.version.text }, null);
}
