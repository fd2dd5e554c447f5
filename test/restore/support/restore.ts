import { type Backup, ERRORS, type ErrorItem, startBackup } from "../../snapshots/support/backup.js";
import { rollBack } from "../../snapshots/support/restores.js";
import type { GatewayOptions } from "../../snapshots/support/start.js";

export { type Backup, type ErrorItem, rollBack };

/** Result of `restoreDisk`. */
export interface Restored {
  readonly snapshot: { readonly id: string } | null;
  readonly vm: { readonly cloudTowerId: string } | null;
  readonly volume: { readonly cloudTowerId: string; readonly name: string } | null;
  readonly duplicates: readonly { readonly cloudTowerId: string }[];
  readonly replacedVolume: { readonly cloudTowerId: string } | null;
  readonly state: string | null;
  readonly done: boolean;
  readonly task: { readonly cloudTowerId: string; readonly status: string } | null;
  readonly errors: readonly (ErrorItem & { readonly slots?: readonly string[]; readonly vmStatus?: string })[];
}

/** Result of `startVm` or `powerOffVm`. */
export interface Powered {
  readonly vm: { readonly cloudTowerId: string } | null;
  readonly task: { readonly cloudTowerId: string; readonly status: string } | null;
  readonly errors: readonly ErrorItem[];
}

export const RESTORED = `snapshot { id } vm { cloudTowerId } volume { cloudTowerId name } duplicates { cloudTowerId }
  replacedVolume { cloudTowerId } state done task { cloudTowerId status }
  ${ERRORS.slice(0, -2)} ... on DiskNotInSnapshotError { slots } ... on VmPowerStateError { vmStatus } }`;
export const RESTORE = `mutation($input: RestoreDiskInput!) { restoreDisk(input: $input) { ${RESTORED} } }`;
const powerQuery = (field: string, type: string) =>
  `mutation($input: ${type}!) { ${field}(input: $input) { vm { cloudTowerId } task { cloudTowerId status } ${ERRORS} } }`;

/** The writes of a restore, in their order. */
export const WRITES = ["rebuild-vm-volume", "add-vm-disk", "remove-vm-disk"] as const;

/** A stopped VM with two data disks, a snapshot of it, and a running VM of the same cluster. */
export interface World extends Backup {
  readonly vm: string;
  readonly snapshotId: string;
  /** Ids of the VM's volumes, in boot order. */
  readonly volumes: readonly string[];
  /** The slot of the first data disk. */
  readonly slot: string;
  readonly otherVm: string;
  restore(input: object): Promise<Restored>;
  start(vmId: string, more?: object): Promise<Powered>;
  powerOff(vmId: string, more?: object): Promise<Powered>;
  /** Ids of the volumes of the VM's disks now. */
  attached(vmId?: string): readonly string[];
  /** Ids of the volumes with a name. */
  named(name: string): readonly string[];
  /** Numbers of the calls of `WRITES`. */
  sent(): readonly number[];
}

/** Id of a stub in a row; "" if there is none. */
export function idOf(stub: unknown): string {
  return (stub as { id: string } | null)?.id ?? "";
}

/** The data disks that a snapshot froze. */
export function frozenDisks({ simulator, snapshotId }: World): readonly Record<string, string>[] {
  const disks = (simulator.control.row("VmSnapshot", snapshotId)?.vm_disks ?? []) as Record<string, string>[];
  return disks.filter(({ type }) => type === "DISK");
}

/** Starts a gateway over a simulator with tasks that end immediately, unless the options say otherwise. */
export async function startWorld(options: GatewayOptions = {}): Promise<World> {
  const backup = await startBackup({ ...options, simulator: { taskSeconds: 0, ...options.simulator } });
  const { control, calls } = backup.simulator;
  const vm = backup.vmId("web-prod-01");
  control.patch("Vm", vm, { status: "STOPPED" });
  const cluster = { id: idOf(control.row("Vm", vm)?.cluster) };
  const [other] = control
    .rows("Vm", { cluster, status: "RUNNING", in_recycle_bin: false })
    .filter(({ id, vm_disks }) => id !== vm && (vm_disks as unknown[]).length > 0);
  const attached = (vmId = vm) =>
    control
      .rows("VmDisk", { vm: { id: vmId }, type: "DISK" })
      .toSorted((a, b) => Number(a.boot) - Number(b.boot))
      .map((row) => idOf(row.vm_volume));
  const [disk] = control
    .rows("VmDisk", { vm: { id: vm }, type: "DISK" })
    .toSorted((a, b) => Number(a.boot) - Number(b.boot));
  const taken = await backup.create({ vmId: vm, name: "to-restore" });
  backup.simulator.advance(60_000);
  const power = async (field: "startVm" | "powerOffVm", type: string, input: object) => {
    const data = await backup.data<Record<string, Powered>>(powerQuery(field, type), { input });
    return data[field] as Powered;
  };
  return {
    ...backup,
    vm,
    snapshotId: taken.snapshot?.cloudTowerId ?? "",
    volumes: attached(),
    slot: `${disk?.bus}:k${disk?.key}`,
    otherVm: String(other?.id),
    async restore(input) {
      return (await backup.data<{ restoreDisk: Restored }>(RESTORE, { input })).restoreDisk;
    },
    start: (vmId, more) => power("startVm", "StartVmInput", { vmId, ...more }),
    powerOff: (vmId, more) => power("powerOffVm", "PowerOffVmInput", { vmId, ...more }),
    attached,
    named: (name) => control.rows("VmVolume", { name }).map(({ id }) => String(id)),
    sent: () => WRITES.map((write) => calls.count(write)),
  };
}
