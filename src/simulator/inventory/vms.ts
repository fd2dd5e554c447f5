import type { Builder } from "../rows/builder.js";
import { addDisk, addNic } from "../rows/devices.js";
import { addVm, recycleVm, sumSizes, type VmPlan } from "../rows/vm.js";
import { addVolume } from "../rows/volume.js";
import type { StoredRow } from "../store/store.js";
import type { Site } from "./sites.js";

/** Everything in the inventory happened before this time. */
export const inventoryTime = Date.UTC(2026, 8, 1, 8);

const day = 86_400_000;

/** Fixed traits of a VM; the others are random. */
interface VmTraits {
  readonly site?: number;
  readonly name?: string;
  readonly status?: string;
  readonly tools?: string;
  readonly cdRoms?: readonly ("image" | "empty")[];
  readonly dataDisks?: number;
  readonly nics?: number;
  readonly recycled?: boolean;
  readonly withoutLun?: boolean;
  /** VMs of the same group share one volume. */
  readonly shares?: string;
}

/** The first VMs, so that even a small inventory has every special case. Documented in docs/simulator.md. */
const namedVms: readonly VmTraits[] = [
  { site: 0, name: "web-prod-01", status: "RUNNING", tools: "RUNNING", cdRoms: ["image"], dataDisks: 2, nics: 1 },
  {
    site: 0,
    name: "数据库主节点",
    status: "RUNNING",
    tools: "RUNNING",
    cdRoms: ["empty"],
    dataDisks: 5,
    nics: 2,
    shares: "rac",
  },
  {
    site: 0,
    name: "数据库备节点",
    status: "RUNNING",
    tools: "NOT_RUNNING",
    cdRoms: ["empty"],
    dataDisks: 1,
    shares: "rac",
  },
  { site: 0, name: "oracle-rac-03", status: "RUNNING", tools: "RUNNING", cdRoms: [], dataDisks: 2, shares: "rac" },
  { site: 1, name: "容灾应用-01", status: "RUNNING", tools: "RUNNING", cdRoms: ["empty"], dataDisks: 2, nics: 1 },
  { site: 0, name: "legacy-billing", status: "STOPPED", tools: "NOT_RUNNING", cdRoms: ["image"], dataDisks: 3 },
  { site: 2, name: "dev-sandbox", status: "SUSPENDED", tools: "NOT_RUNNING", dataDisks: 1 },
  { site: 0, name: "appliance", status: "RUNNING", tools: "NOT_INSTALLED", cdRoms: [], dataDisks: 1 },
  { site: 2, name: "diskless-pxe", status: "RUNNING", tools: "NOT_INSTALLED", cdRoms: [], dataDisks: 0, nics: 0 },
  {
    site: 0,
    name: "old-fileserver",
    status: "STOPPED",
    tools: "NOT_INSTALLED",
    cdRoms: ["empty"],
    dataDisks: 2,
    recycled: true,
  },
  {
    site: 2,
    name: "installer-only",
    status: "STOPPED",
    tools: "NOT_INSTALLED",
    cdRoms: ["image", "empty"],
    dataDisks: 0,
  },
  {
    site: 2,
    name: "nfs-volume-vm",
    status: "RUNNING",
    tools: "RUNNING",
    cdRoms: ["empty"],
    dataDisks: 1,
    withoutLun: true,
  },
];

/** Adds VMs with disks, volumes, LUNs and NICs to three clusters, in a ratio of about 5 : 3 : 2. */
export function addVms(
  builder: Builder,
  sites: readonly Site[],
  labels: readonly StoredRow[],
  count: number,
): readonly StoredRow[] {
  const shared = new Map<string, StoredRow>();
  return Array.from({ length: count }, (_, index) => {
    const traits = namedVms[index] ?? randomTraits(builder, index);
    const site = sites[traits.site ?? builder.random.pick([0, 0, 0, 0, 0, 1, 1, 1, 2, 2])] as Site;
    const at = inventoryTime - (count - index) * 60_000 - 90 * day;
    const plan = planOf(builder, site, traits, index, at);
    const vm = addVm(builder, {
      ...plan,
      labels: labels.filter(() => builder.random.chance(0.25)).map(({ id }) => id),
    });
    addDevices(builder, site, vm, traits, at, shared);
    sumSizes(builder, vm);
    if (traits.recycled) recycleVm(builder, vm, inventoryTime - 2 * day);
    return vm;
  });
}

/** Number of VMs with fixed names. They are the first ones of the inventory. */
export const namedVmCount = namedVms.length;

/** VMs after the `namedVms`: occasionally a pair that shares a volume, or one in the recycle bin. */
function randomTraits({ random }: Builder, index: number): VmTraits {
  const pair = index % 50;
  if (pair === 20 || pair === 21) return { site: 0, shares: `pair-${index - pair}`, dataDisks: 1 };
  return random.chance(0.03) ? { recycled: true, status: "STOPPED" } : {};
}

function planOf({ random }: Builder, site: Site, traits: VmTraits, index: number, at: number): VmPlan {
  const status =
    traits.status ??
    random.pick(["RUNNING", "RUNNING", "RUNNING", "RUNNING", "RUNNING", "STOPPED", "STOPPED", "SUSPENDED"]);
  const toolsStates =
    status === "RUNNING"
      ? ["RUNNING", "RUNNING", "RUNNING", "NOT_RUNNING", "NOT_INSTALLED"]
      : ["NOT_RUNNING", "NOT_INSTALLED"];
  const number = String(index).padStart(4, "0");
  return {
    cluster: site.cluster.id,
    name:
      traits.name ?? `${random.pick(["web", "app", "db", "cache", "build", "业务系统", "测试机", "vdi"])}-${number}`,
    at,
    status,
    tools: traits.tools ?? random.pick(toolsStates),
    host: random.pick(site.hosts),
    folder: random.chance(0.6) ? random.pick(site.folders) : undefined,
    ips: index % 6 === 1 ? `${address(index)},10.66.0.${(index % 250) + 2}` : address(index),
    windows: random.chance(0.2),
    fields: traits.nics === 0 ? { $null_lists: true } : {},
  };
}

function addDevices(
  builder: Builder,
  site: Site,
  vm: StoredRow,
  traits: VmTraits,
  at: number,
  shared: Map<string, StoredRow>,
): void {
  const { random } = builder;
  for (const kind of traits.cdRoms ?? [random.chance(0.3) ? "image" : "empty"]) {
    addDisk(builder, { vm, type: "CD_ROM", image: kind === "image" ? random.pick(site.images) : undefined });
  }
  const disks = traits.dataDisks ?? random.pick(usualDisks);
  for (let disk = 0; disk < disks; disk++) {
    const volume = addVolume(builder, {
      cluster: site.cluster.id,
      name: `${vm.values.name}-${disk + 1}`,
      size: random.pick(sizesGiB) * 2 ** 30,
      at,
      lun: !traits.withoutLun,
      mounted: true,
      policy: random.chance(0.2) ? "REPLICA_3_THIN_PROVISION" : "REPLICA_2_THIN_PROVISION",
    });
    addDisk(builder, { vm, type: "DISK", volume });
  }
  if (traits.shares !== undefined) {
    let volume = shared.get(traits.shares);
    if (volume === undefined) {
      const name = `shared-${traits.shares}`;
      volume = addVolume(builder, { cluster: site.cluster.id, name, size: 2 ** 40, at, sharing: true });
      shared.set(traits.shares, volume);
    }
    addDisk(builder, { vm, type: "DISK", volume });
  }
  const nics = traits.nics ?? random.pick([1, 1, 1, 2]);
  for (let nic = 0; nic < nics; nic++) {
    addNic(builder, vm, random.pick(site.vlans), nic === 0 ? String(vm.values.ips).replace(/,.*/, "") : "");
  }
}

/** Number of data disks: two on average, three disks with the CD-ROM drive. */
const usualDisks = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5, 6] as const;

const sizesGiB = [20, 40, 60, 100, 200, 500, 1024, 2048, 8192, 61_440] as const;

function address(index: number): string {
  return `192.168.${Math.floor(index / 250) % 250}.${(index % 250) + 2}`;
}
