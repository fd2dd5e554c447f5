import { createHash } from "node:crypto";
import serialize from "canonicalize";
import { expect, test } from "vitest";
import { Random } from "../../src/simulator/random.js";
import { type Backup, startBackup } from "./support/backup.js";

const MANIFEST = "query($id: ID!) { vmSnapshot(id: $id) { backupManifest { json sha256 disks { index zbsId } } } }";

interface Manifest {
  readonly json: string;
  readonly sha256: string;
  readonly disks: readonly { readonly zbsId: string }[];
}

/** The manifest, or the code with which it is refused. */
async function read(backup: Backup, id: string): Promise<Manifest | string> {
  const { data, errors } = await backup.query<{ vmSnapshot: { backupManifest: Manifest | null } | null }>(MANIFEST, {
    id,
  });
  return data?.vmSnapshot?.backupManifest ?? String(errors?.[0]?.extensions?.code);
}

async function taken(backup: Backup, name = "s", vmName = "web-prod-01"): Promise<string> {
  const creation = await backup.create({ vmId: backup.vmId(vmName), name, waitSeconds: 30 });
  expect(creation).toMatchObject({ ready: true });
  return creation.snapshot?.cloudTowerId ?? "";
}

interface Disk {
  readonly type: string;
  readonly snapshot_local_id: string;
  readonly vm_volume_snapshot_uuid: string;
}

/** Changes that the world goes through after a snapshot. None of them changes what the snapshot froze. */
class World {
  constructor(
    private readonly backup: Backup,
    private readonly id: string,
  ) {}

  private get control() {
    return this.backup.simulator.control;
  }

  private get disks(): Disk[] {
    return ((this.control.row("VmSnapshot", this.id)?.vm_disks ?? []) as Disk[]).filter(({ type }) => type === "DISK");
  }

  private data(): string[] {
    return this.disks.flatMap(({ snapshot_local_id: name }) =>
      this.control.rows("IscsiLunSnapshot", { name }).map(({ id }) => String(id)),
    );
  }

  readonly changes: readonly (() => void)[] = [
    () =>
      this.control.patch("Vm", this.backup.vmId("web-prod-01"), { vcpu: 64, memory: 1, ha: false, firmware: "UEFI" }),
    () => this.control.patch("Vm", this.backup.vmId("web-prod-01"), { description: "renamed later" }),
    () => this.control.recreateDisks(this.backup.vmId("web-prod-01")),
    () => this.control.patch("VmSnapshot", this.id, { vm: null, size: 1, labels: [], description: "later" }),
    () => this.reorder("vm_disks"),
    () => this.reorder("vm_nics"),
    () => this.upgrade(),
    () => this.control.setQuirks({ taskMemoryMs: 0 }),
    () => this.control.setQuirks({ mutationSpelling: "null", clusterClockMs: -600_000 }),
    () => this.backup.simulator.advance(86_400_000),
    () => this.onData((id) => this.control.patch("IscsiLunSnapshot", id, { iscsi_lun: null, unique_size: 1 })),
    () => this.onData((id) => this.control.patch("IscsiLunSnapshot", id, { entityAsyncStatus: "UPDATING" })),
    () => this.onData((id) => this.control.patch("IscsiLunSnapshot", id, { entityAsyncStatus: null })),
    () => this.onData((id) => this.recreate(id)),
    () => this.onData((id) => this.control.remove("IscsiLunSnapshot", id)),
    () => this.control.patch("VmSnapshot", this.id, { entityAsyncStatus: "DELETING" }),
    () => this.control.patch("VmSnapshot", this.id, { entityAsyncStatus: null }),
  ];

  private onData(change: (id: string) => void): void {
    const [first] = this.data();
    if (first !== undefined) change(first);
  }

  private reorder(field: "vm_disks" | "vm_nics"): void {
    const items = (this.control.row("VmSnapshot", this.id)?.[field] ?? []) as unknown[];
    this.control.patch("VmSnapshot", this.id, { [field]: items.toReversed() });
  }

  /** An upgraded CloudTower shows fields that it did not have. */
  private upgrade(): void {
    const row = this.control.row("VmSnapshot", this.id);
    const nics = (row?.vm_nics ?? []) as { vlan: object }[];
    this.control.patch("VmSnapshot", this.id, {
      vm_disks: ((row?.vm_disks ?? []) as object[]).map((disk) => ({ ...disk, resident_in_cache: false })),
      vm_nics: nics.map((nic) => ({ ...nic, vlan: { ...nic.vlan, network_ids: ["1", "2"] } })),
    });
  }

  /** Deletes a LUN snapshot and makes another one under its name. */
  private recreate(id: string): void {
    const {
      name,
      iscsi_lun: lun,
      iscsi_target: target,
    } = this.control.row("IscsiLunSnapshot", id) as never as {
      name: string;
      iscsi_lun: { id: string } | null;
      iscsi_target: { id: string };
    };
    this.control.remove("IscsiLunSnapshot", id);
    const links = { iscsi_lun: lun?.id ?? null, iscsi_target: target.id };
    this.control.insert("IscsiLunSnapshot", { name, local_id: `another-${name}`, ...links });
  }
}

test("a manifest has the same bytes in every later world, or is refused", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 12; seed++) {
    backup.simulator.control.reset();
    const id = await taken(backup, `s${seed}`);
    const first = (await read(backup, id)) as Manifest;
    expect(createHash("sha256").update(first.json).digest("hex")).toBe(first.sha256);
    const random = new Random(seed);
    const { changes } = new World(backup, id);
    for (let step = 0; step < 12; step++) {
      const chosen = random.int(0, changes.length - 1);
      changes[chosen]?.();
      const later = await read(backup, id);
      outcomes.add(typeof later === "string" ? later : "the same");
      const bytes = typeof later === "string" ? later : later.json;
      expect(
        [first.json, "SNAPSHOT_NOT_READY", "AMBIGUOUS_NAME"],
        `seed ${seed}, step ${step}, change ${chosen}`,
      ).toContain(bytes);
    }
  }
  expect(outcomes).toContain("the same");
  expect(outcomes).toContain("SNAPSHOT_NOT_READY");
});

test("a manifest is refused while anything that it has is still to come, and never changes after that", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 1 } });
  const { control } = backup.simulator;
  control.setLags({ asyncStatusMs: 1000, lunSnapshotMs: 2000, frozenDisksMs: 3000, frozenNicsMs: 5000 });
  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const seen: (Manifest | string)[] = [];
  for (let step = 0; step < 10; step++) {
    backup.simulator.advance(1000);
    seen.push(await read(backup, creation.snapshot?.cloudTowerId ?? ""));
  }
  const refused = seen.filter((result) => typeof result === "string");
  expect(new Set(refused)).toEqual(new Set(["SNAPSHOT_NOT_READY"]));
  expect(refused.length).toBeGreaterThanOrEqual(5);
  const manifests = seen.flatMap((result) => (typeof result === "string" ? [] : [result]));
  expect(manifests.length).toBeGreaterThan(2);
  expect(new Set(manifests.map(({ json }) => json)).size).toBe(1);
  expect(JSON.parse(manifests[0]?.json ?? "").nics).toHaveLength(1);
});

test.each([
  ["vm_nics", null],
  ["local_id", "placeholder-1"],
  ["cpu", null],
  ["firmware", null],
  ["vm_disks", [null]],
])("a manifest is refused if %s is %j", async (field, value) => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
  const id = await taken(backup);
  backup.simulator.control.patch("VmSnapshot", id, { [field]: value });
  expect(await read(backup, id)).toBe("SNAPSHOT_NOT_READY");
});

test.each([
  ["SNAPSHOT_NOT_READY", { local_id: "placeholder-1" }],
  ["SNAPSHOT_NOT_READY", { entityAsyncStatus: "CREATING" }],
  ["SNAPSHOT_NOT_READY", { local_created_at: "2126-01-01T00:00:00Z" }],
  ["AMBIGUOUS_NAME", { local_id: "of-another-lun" }],
])("a manifest is %s if the LUN snapshot of a disk has %j", async (code, changes) => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const id = await taken(backup);
  const { control } = backup.simulator;
  const disks = (control.row("VmSnapshot", id)?.vm_disks ?? []) as Disk[];
  const name = disks.find(({ type }) => type === "DISK")?.snapshot_local_id;
  control.patch("IscsiLunSnapshot", String(control.rows("IscsiLunSnapshot", { name })[0]?.id), changes);
  expect(await read(backup, id)).toBe(code);
});

test("values that this version does not know are in the document as CloudTower has them", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
  const id = await taken(backup);
  const newer = { firmware: "UEFI_SECURE", consistent_type: "APP_CONSISTENT", clock_offset: "TAI", io_policy: "BURST" };
  backup.simulator.control.patch("VmSnapshot", id, newer);
  const { json } = (await read(backup, id)) as Manifest;
  const { vm, snapshot, rebuildInput } = JSON.parse(json);
  expect(vm).toMatchObject({ firmware: "UEFI_SECURE", clockOffset: "TAI", ioPolicy: "BURST" });
  expect(snapshot.consistency).toBe("APP_CONSISTENT");
  expect(json).not.toContain("UNKNOWN");
  expect(rebuildInput).not.toHaveProperty("firmware");
});

test.each([
  ["is long and full of emoji", `a${"😀".repeat(127)}`],
  ["was cut within an emoji", `${"😀".repeat(3)}\ud83d`],
  ["begins with half an emoji", "\ude00 snapshot"],
  ["is nothing but half an emoji", "\ud83d"],
])("a manifest has the name that %s as Unicode text", async (_, name) => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const id = await taken(backup);
  const { control } = backup.simulator;
  const disks = (control.row("VmSnapshot", id)?.vm_disks ?? []) as object[];
  const changes = { name, cpu_model: name, vm_disks: disks.map((disk) => ({ ...disk, disk_name: name, path: name })) };
  control.patch("VmSnapshot", id, changes);

  const { json, sha256 } = (await read(backup, id)) as Manifest;
  const document = JSON.parse(json);
  expect(serialize(document)).toBe(json);
  expect(createHash("sha256").update(json).digest("hex")).toBe(sha256);
  expect(document.snapshot.name).toBe(Buffer.from(name).toString());
  const rebuilt = await backup.data(
    "mutation($input: RebuildVmFromSnapshotInput!) { rebuildVmFromSnapshot(input: $input) { vm { name } errors { message } } }",
    { input: document.rebuildInput },
  );
  expect(rebuilt).toMatchObject({ rebuildVmFromSnapshot: { vm: { name: document.rebuildInput.name }, errors: [] } });
});

test("a name with half a character is refused wherever one is taken, and nothing is written", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const snapshotId = await taken(backup);
  backup.simulator.calls.clear();
  const vmId = backup.vmId("web-prod-01");
  const name = "cut \ud83d";
  const mutations: [string, string, object][] = [
    ["createVmSnapshot", "CreateVmSnapshotInput", { vmId, name }],
    [
      "createVmSnapshots",
      "CreateVmSnapshotsInput",
      {
        snapshots: [
          { vmId, name: "good" },
          { vmId, name },
        ],
      },
    ],
    ["rebuildVmFromSnapshot", "RebuildVmFromSnapshotInput", { snapshotId, name }],
    ["rebuildVmFromSnapshot", "RebuildVmFromSnapshotInput", { snapshotId, name: "good", description: name }],
  ];
  for (const [field, type, input] of mutations) {
    const { errors } = await backup.query(`mutation($i: ${type}!) { ${field}(input: $i) { errors { code } } }`, {
      i: input,
    });
    expect(errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
    expect(errors?.[0]?.message).toContain("half of a surrogate pair");
  }
  const literal = `mutation { createVmSnapshot(input: {vmId: "${vmId}", name: "cut \\ud83d"}) { errors { code } } }`;
  expect((await backup.query(literal)).errors?.[0]?.extensions?.code).toBe("GRAPHQL_PARSE_FAILED");
  expect(backup.simulator.calls.count("create-vm-snapshot")).toBe(0);
  expect(backup.simulator.calls.count("rebuild-vm-from-snapshot")).toBe(0);
});
