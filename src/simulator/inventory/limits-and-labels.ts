import type { Builder } from "../rows/builder.js";
import { entityNames } from "../store/model.js";
import type { StoredRow } from "../store/store.js";

/** Ids of the plans that some VMs are in; their rows are added later. */
export interface Plans {
  readonly snapshots: string;
  readonly backups: string;
}

/**
 * Adds I/O limits to some VMs, disks, NICs and LUNs, and puts some VMs into plans, so that no field is empty everywhere. Call before
 * snapshots are added: they copy these fields.
 */
export function addLimits({ store, random }: Builder): Plans {
  const limits = {
    max_bandwidth: 200 * 2 ** 20,
    max_bandwidth_policy: "FORCED",
    max_iops: 2000,
    max_iops_policy: "DYNAMIC",
  };
  const plans = { snapshots: random.id(), backups: random.id() };
  const group = { id: random.id(), name: "keep-apart" };
  forSome(store.table("Vm"), 5, (vm) => store.patch(vm, { ...limits, io_policy: "RESTRICT_WHOLE_VM" }));
  forSome(store.table("Vm"), 4, (vm) =>
    store.patch(vm, { backup_plans: [plans.backups], snapshot_plan: plans.snapshots, vm_placement_group: [group] }),
  );
  forSome(store.table("VmDisk"), 9, (disk) => store.patch(disk, limits));
  forSome(store.table("VmNic"), 8, (nic) =>
    store.patch(nic, {
      egress_rate_limit_burst_in_bit: 8_000_000,
      egress_rate_limit_enabled: true,
      egress_rate_limit_max_rate_in_bitps: 1_000_000_000,
      ingress_rate_limit_enabled: false,
    }),
  );
  const zbs = {
    bps_max: 400 * 2 ** 20,
    bps_max_length: 10,
    iops_max: 8000,
    iops_max_length: 10,
    iops: 4000,
    bps: 200 * 2 ** 20,
  };
  forSome(store.table("IscsiLun"), 6, (lun) => store.patch(lun, zbs));
  return plans;
}

/** Labels some rows of every entity that has labels. */
export function addMoreLabels({ store }: Builder, labels: readonly StoredRow[]): void {
  for (const entity of entityNames) {
    if (entity === "Vm" || !store.model.entity(entity).fields.has("labels")) continue;
    forSome(store.table(entity), 7, (row, index) => {
      const label = labels[index % labels.length];
      if (label) store.patch(row, { labels: [label.id] });
    });
  }
}

function forSome(
  rows: ReadonlyMap<string, StoredRow>,
  every: number,
  change: (row: StoredRow, index: number) => void,
): void {
  let index = 0;
  for (const row of rows.values()) {
    if (index % every === 1) change(row, Math.floor(index / every));
    index += 1;
  }
}
