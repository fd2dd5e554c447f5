import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startNetwork } from "../clients/support/unreliable-network.js";
import { type Backup, startBackup } from "./support/backup.js";

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const TYPESCRIPT = [process.execPath, path("node_modules/tsx/dist/cli.mjs"), path("docs/examples/backup.ts")];
const PYTHON = ["python3", path("docs/examples/backup.py")];
const CURL = ["bash", path("docs/examples/backup.sh")];
const ALL: [string, readonly string[]][] = [
  ["TypeScript", TYPESCRIPT],
  ["curl", CURL],
];
if (spawnSync("python3", ["--version"]).error === undefined) ALL.push(["Python", PYTHON]);
else console.warn("python3 is not installed: its example is not tested");

/** Runs a client against the gateway as the simulator's administrator. */
function client(backup: Backup, command: readonly string[], ...args: string[]) {
  return clientOf(backup, `${backup.url}/graphql`, command, ...args);
}

function clientOf(backup: Backup, url: string, [command = "", ...script]: readonly string[], ...args: string[]) {
  const token = backup.simulator.users[0]?.token ?? "";
  const env = { ...process.env, TOWERQL_URL: url, TOWERQL_TOKEN: token, TOWERQL_TIMEOUT_SECONDS: "1" };
  return run(command, [...script, ...args], { env });
}

function zbsIds(backup: Backup, snapshotName: string): string[] {
  const [snapshot] = backup.simulator.control.rows("VmSnapshot", { name: snapshotName });
  const names = ((snapshot?.vm_disks ?? []) as { snapshot_local_id: string | null }[]).flatMap(
    (disk) => disk.snapshot_local_id || [],
  );
  return names.map((name) => String(backup.simulator.control.rows("IscsiLunSnapshot", { name })[0]?.local_id));
}

/** The ZBS ids that a client printed, which the TypeScript client puts between two other words. */
function idsIn(stdout: string): string[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.replace(/^FULL (\S+) .*/, "$1"));
}

test("the TypeScript client prints the ZBS volumes and the incremental plan", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 1 } });
  backup.simulator.control.setLags({ asyncStatusMs: 300, lunSnapshotReads: 2 });

  const { stdout, stderr } = await client(backup, TYPESCRIPT, "web-prod-01", "one");
  const [first] = backup.simulator.control.rows("VmSnapshot", { name: "one" });
  const incremental = await client(backup, TYPESCRIPT, "web-prod-01", "two", String(first?.id));

  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ").slice(0, 2)),
  ).toEqual(zbsIds(backup, "one").map((id) => ["FULL", id]));
  expect(stderr).toContain("SUCCEEDED 100 %");
  const [bases, targets] = [zbsIds(backup, "one"), zbsIds(backup, "two")];
  expect(incremental.stdout.trim().split("\n")).toEqual(targets.map((id, at) => `INCREMENTAL ${id} ${bases[at]}`));
});

test.each(ALL)("the %s client prints the ZBS volumes, and finds the snapshot when run again", async (_, command) => {
  const backup = await startBackup({ simulator: { taskSeconds: 1 } });
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "lost-answer" } });

  const first = await client(backup, command, "web-prod-01", "one");
  const second = await client(backup, command, "web-prod-01", "one");

  expect(idsIn(first.stdout)).toEqual(zbsIds(backup, "one"));
  expect(second.stdout).toBe(first.stdout);
  expect(backup.writes()).toBe(1);
});

test.each(ALL)("the %s client survives whatever happens between it and the gateway", async (_, command) => {
  const backup = await startBackup({ simulator: { taskSeconds: 1 } });
  const network = await startNetwork(backup.app.port);
  await network.fail("down");
  const running = clientOf(backup, network.url, command, "web-prod-01", "one");
  for (const fault of ["cut", "silent"] as const) {
    await network.fail(fault);
    const before = network.broken;
    await expect.poll(() => network.broken).toBeGreaterThan(before);
    // Long enough for one attempt: whatever it was about fails in this way.
    await network.fail("none");
  }
  await backup.simulator.calls.next("create-vm-snapshot");
  await network.fail("cut");
  await expect.poll(() => network.broken).toBeGreaterThan(2);
  await network.fail("none");

  expect(idsIn((await running).stdout)).toEqual(zbsIds(backup, "one"));
  expect(backup.writes()).toBe(1);
});

test.each(ALL)("the %s client exits with an error and a reason if the snapshot fails", async (_, command) => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.nextTask({ kind: "FAILED", errorMessage: 'no "space" left' });
  const failing = client(backup, command, "web-prod-01", "one");
  await expect(failing).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('no "space" left') });
});

test("the nightly job reads all, then what changed, keeps its nights and leaves the snapshots of others alone", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const folder = mkdtempSync(join(tmpdir(), "towerql-nightly-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const state = join(folder, "state.txt");
  const vmId = backup.vmId("web-prod-01");
  const before = backup.simulator.control.rows("VmSnapshot", { vm: { id: vmId } }).map(({ name }) => String(name));
  await backup.create({ vmId, name: "job-of-another" });
  const command = [TYPESCRIPT[0] ?? "", TYPESCRIPT[1] ?? "", path("docs/examples/nightly.ts")];
  const token = backup.simulator.users[0]?.token ?? "";
  const night = async (name: string) => {
    backup.simulator.advance(86_400_000);
    const env = { ...process.env, TOWERQL_URL: `${backup.url}/graphql`, TOWERQL_TOKEN: token, NIGHT: name };
    const [program = "", ...script] = command;
    return (await run(program, [...script, "web-prod-01", "job", state, "2"], { env })).stdout.trim().split("\n");
  };
  const names = () => backup.simulator.control.rows("VmSnapshot", { vm: { id: vmId } }).map(({ name }) => String(name));

  expect((await night("1")).map((line) => line.split(" ")[0])).toEqual(["FULL", "FULL"]);
  expect(await night("1")).toEqual([""]);
  expect((await night("2")).map((line) => line.split(" ")[0])).toEqual(["INCREMENTAL", "INCREMENTAL"]);
  const { vm_disks: disks } = backup.simulator.control.rows("VmSnapshot", { name: "job-2" })[0] ?? {};
  const [frozen] = (disks as Record<string, string>[]).filter(({ type }) => type === "DISK");
  const [volume] = backup.simulator.control.rows("VmVolume", { local_id: frozen?.vm_volume_local_id });
  backup.simulator.control.patch("Vm", vmId, { status: "STOPPED" });
  const to = { replace: { vmId, volumeId: volume?.id } };
  const { restoreDisk } = await backup.data<{ restoreDisk: { done: boolean } }>(
    "mutation ($input: RestoreDiskInput!) { restoreDisk(input: $input) { done } }",
    { input: { snapshotId: readFileSync(state, "utf8"), disk: frozen?.vm_volume_local_id, name: "restored", to } },
  );
  expect(restoreDisk).toEqual({ done: true });
  expect((await night("3")).map((line) => line.split(" ")[0])).toEqual(["FULL", "FULL"]);

  expect(names().toSorted()).toEqual([...before, "job-of-another", "job-2", "job-3"].toSorted());
});
