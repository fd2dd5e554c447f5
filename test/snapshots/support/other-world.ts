import { pino } from "pino";
import { onTestFinished } from "vitest";
import { startApp } from "../../../src/app.js";
import { loadConfig } from "../../../src/config.js";
import { type Columns, OtherTower } from "./other-tower.js";

/** Event of `vmSnapshotReady`. */
export interface Ready {
  readonly ready: boolean;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly errors: readonly { readonly code: string }[];
}

/** A gateway over the other CloudTower, with the calls of a backup product. */
export interface OtherWorld {
  readonly tower: OtherTower;
  /** The event of a snapshot, once it comes. */
  ready(snapshotId: string): Promise<Ready>;
  /** The document of a manifest, or the code of its error. */
  manifest(snapshotId: string): Promise<string>;
  /** The verdict on the only disk of the first VM. */
  plan(since: string, to: string): Promise<Verdict>;
}

/** Why a disk has to be read in full; the reason is null for INCREMENTAL. */
export interface Verdict {
  readonly reason: string | null;
  readonly explanation: string;
}

/** Result of an operation. */
interface Result {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  readonly data: {
    readonly vmSnapshot: { readonly backupManifest: { readonly json: string } };
    readonly vm: { readonly incrementalPlan: { readonly disks: readonly [Verdict] } };
  };
}

const READY =
  "subscription($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready reasons { code message } errors { code } } }";
const MANIFEST = "query($id: ID!) { vmSnapshot(id: $id) { backupManifest { json } } }";
const PLAN = `query($since: ID!, $to: ID!) { vm(id: "vm1") {
  incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) { disks { reason explanation } } } }`;

/** Starts both for one test. */
export async function startOther(env: Record<string, string> = {}): Promise<OtherWorld> {
  const tower = new OtherTower();
  addWorld(tower);
  await tower.start();
  const settings = { PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", CLOUDTOWER_URL: tower.url };
  const pace = { TASK_POLL_QUICK_MS: "20", TASK_POLL_SLOW_MS: "40", TASK_APPEAR_SECONDS: "1" };
  const app = await startApp(loadConfig({ ...settings, ...pace, ...env }), pino({ level: "silent" }));
  onTestFinished(() => app.stop());
  const post = (query: string, variables: object, accept: string) =>
    fetch(`http://127.0.0.1:${app.port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "token", accept },
      body: JSON.stringify({ query, variables }),
    });
  const ask = async (query: string, variables: object) =>
    (await (await post(query, variables, "application/json")).json()) as Result;
  return {
    tower,
    async ready(id) {
      const stream = await (await post(READY, { id }, "text/event-stream")).text();
      return JSON.parse(/^data: (.+)$/m.exec(stream)?.[1] ?? "{}").data.vmSnapshotReady;
    },
    async manifest(id) {
      const result = await ask(MANIFEST, { id });
      return result.errors?.[0]?.extensions.code ?? result.data.vmSnapshot.backupManifest.json;
    },
    async plan(since, to) {
      const result = await ask(PLAN, { since, to });
      if (result.errors !== undefined) throw new Error(JSON.stringify(result.errors));
      return result.data.vm.incrementalPlan.disks[0];
    },
  };
}

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** Two clusters; in each a VM with a data disk and a CD-ROM drive; two snapshots of the first VM, a day apart. */
function addWorld(tower: OtherTower): void {
  const now = Date.now();
  for (const c of ["c1", "c2"]) {
    tower.add("Cluster", { id: c, name: c });
    tower.add("IscsiTarget", { id: `t-${c}`, name: "t", cluster: { id: c, name: c } });
  }
  addVm(tower, "vm1", "c1");
  addVm(tower, "vm2", "c1");
  addSnapshot(tower, "vm1", "s1", now - 25 * HOUR);
  addSnapshot(tower, "vm1", "s2", now - HOUR);
}

/** A VM with one data disk. */
export function addVm(tower: OtherTower, vm: string, c: string, createdMs = Date.now() - 1000 * HOUR): void {
  const cluster = { id: c, name: c };
  const local_created_at = iso(createdMs);
  tower.add("Vm", {
    ...{ id: vm, name: vm, local_id: `local-${vm}`, cluster, local_created_at, in_recycle_bin: false },
    ...{ vm_disks: [{ id: `d-${vm}` }], vm_nics: [{ id: `n-${vm}` }] },
  });
  tower.add("VmDisk", {
    id: `d-${vm}`,
    type: "DISK",
    boot: 0,
    key: 1,
    bus: "VIRTIO",
    vm: { id: vm, name: vm },
    vm_volume: { id: `v-${vm}`, name: "v" },
  });
  tower.add("VmNic", { id: `n-${vm}`, vm: { id: vm, name: vm }, local_id: `nl-${vm}` });
  tower.add("VmVolume", {
    ...{
      id: `v-${vm}`,
      name: "v",
      local_id: `vl-${vm}`,
      cluster,
      local_created_at,
      sharing: false,
      size: 1024,
      path: `iscsi:${vm}`,
    },
    ...{
      lun: { id: `l-${vm}`, name: "l" },
      vm_disks: [{ id: `d-${vm}` }],
      mounting: true,
      elf_storage_policy: "REPLICA_2_THIN_PROVISION",
    },
  });
  tower.add("IscsiLun", {
    ...{ id: `l-${vm}`, name: "l", local_id: `ll-${vm}`, zbs_volume_id: `zv-${vm}`, local_created_at },
    ...{ iscsi_target: { id: `t-${c}`, name: "t" }, consistency_group: null },
  });
}

/** A snapshot of the VM with its data and the task that created it. */
export function addSnapshot(tower: OtherTower, vm: string, id: string, atMs: number): void {
  const cluster = tower.row("Vm", vm).cluster as Columns;
  const at = iso(atMs);
  tower.add("VmSnapshot", {
    ...{
      id,
      name: id,
      description: "",
      size: 0,
      local_id: `sl-${id}`,
      local_created_at: at,
      cluster,
      vm: { id: vm, name: vm },
    },
    ...{ consistent_type: "CRASH_CONSISTENT", vcpu: 2, cpu: { cores: 1, sockets: 2 }, cpu_model: "host_passthrough" },
    ...{
      memory: 4_294_967_296,
      firmware: "BIOS",
      ha: true,
      clock_offset: "UTC",
      win_opt: false,
      entityAsyncStatus: null,
    },
    vm_nics: [
      {
        index: 0,
        mac_address: "52:54:00:00:00:01",
        ip_address: "",
        subnet_mask: "",
        gateway: "",
        vlan: { vlan_id: 0, name: "v", vlan_local_id: "x", vds_ovs: "o" },
      },
    ],
    vm_disks: [
      frozen({
        index: 0,
        type: "DISK",
        size: 1024,
        snapshot_local_id: `ls-${id}`,
        vm_volume_local_id: `vl-${vm}`,
        vm_volume_snapshot_uuid: `vs-${id}`,
        storage_policy_uuid: "p",
      }),
      frozen({
        index: 1,
        type: "CD_ROM",
        size: 0,
        bus: "IDE",
        snapshot_local_id: null,
        vm_volume_local_id: "",
        vm_volume_snapshot_uuid: null,
      }),
    ],
  });
  tower.add("IscsiLunSnapshot", {
    ...{ id: `lsid-${id}`, name: `ls-${id}`, local_id: `z-${id}`, local_created_at: at, entityAsyncStatus: null },
    ...{ iscsi_lun: { id: `l-${vm}`, name: "l" }, iscsi_target: { id: `t-${cluster.id}`, name: "t" }, unique_size: 0 },
  });
  tower.add("VmVolumeSnapshot", {
    ...{
      id: `vsid-${id}`,
      name: "x",
      local_id: `vs-${id}`,
      cluster,
      zbs_snapshot_uuid: `z-${id}`,
      local_created_at: at,
    },
    ...{ vm_volume: { id: `v-${vm}`, name: "v" }, volume_sharing: false, type: "X", entityAsyncStatus: null },
  });
  addTask(
    tower,
    { id: `task-${id}`, resource_id: id, resource_type: "VmSnapshot", resource_mutation: "createVmSnapshot", cluster },
    atMs,
  );
}

/** A task that succeeded, of one second. */
export function addTask(tower: OtherTower, columns: Columns, atMs: number): void {
  tower.add("Task", {
    ...{ status: "SUCCESSED", progress: 1, args: {}, steps: [], snapshot: "{}", internal: false, description: "快照" },
    ...{ cluster: null, user: null, resource_id: null, resource_type: null, resource_mutation: null, error_code: null },
    ...{
      error_message: null,
      local_created_at: iso(atMs - 1000),
      started_at: iso(atMs - 1000),
      finished_at: iso(atMs),
    },
    ...columns,
  });
}

function frozen(columns: Columns): Columns {
  return {
    ...{
      bus: "VIRTIO",
      boot: 0,
      key: null,
      path: "",
      storage_policy_uuid: "",
      elf_image_local_id: "",
      svt_image_local_id: "",
    },
    ...{ disabled: null, disk_name: null, image_name: null, max_bandwidth: null, max_iops: null },
    ...columns,
  };
}
