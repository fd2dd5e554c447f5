import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const TYPESCRIPT = [process.execPath, path("node_modules/tsx/dist/cli.mjs"), path("docs/examples/backup.ts")];
const CURL = ["bash", path("docs/examples/backup.sh")];

/** Runs a client against the gateway as the simulator's administrator. */
function client(backup: Backup, [command = "", ...script]: readonly string[], ...args: string[]) {
  const token = backup.simulator.users[0]?.token ?? "";
  const env = { ...process.env, TOWERQL_URL: `${backup.url}/graphql`, TOWERQL_TOKEN: token };
  return run(command, [...script, ...args], { env });
}

function zbsIds(backup: Backup, snapshotName: string): string[] {
  const [snapshot] = backup.simulator.control.rows("VmSnapshot", { name: snapshotName });
  const names = ((snapshot?.vm_disks ?? []) as { snapshot_local_id: string | null }[]).flatMap(
    (disk) => disk.snapshot_local_id || [],
  );
  return names.map((name) => String(backup.simulator.control.rows("IscsiLunSnapshot", { name })[0]?.local_id));
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

test("the curl client prints the ZBS volumes, and finds the snapshot when run again", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 1 } });
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "lost-answer" } });

  const first = await client(backup, CURL, "web-prod-01", "one");
  const second = await client(backup, CURL, "web-prod-01", "one");

  expect(first.stdout.trim().split("\n")).toEqual(zbsIds(backup, "one"));
  expect(second.stdout).toBe(first.stdout);
  expect(backup.writes()).toBe(1);
});

test.each([
  ["TypeScript", TYPESCRIPT],
  ["curl", CURL],
])("the %s client exits with an error and a reason if the snapshot fails", async (_, command) => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.nextTask({ kind: "FAILED", errorMessage: "no space left" });
  const failing = client(backup, command, "web-prod-01", "one");
  await expect(failing).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("no space left") });
});
