import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { start } from "./support/process.js";

type Line = Readonly<Record<string, unknown>>;

const linesOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);

/** The lines of a write that CloudTower accepted. */
const linesFor = (name: string) => ["sent", "accepted"].map((outcome) => ({ names: [name], outcome }));

/** A gateway in production over a simulator, and a function that takes a snapshot with it. */
async function startInProduction(env: Record<string, string>) {
  const simulator = await startSimulator({ vms: 10, taskSeconds: 0 });
  onTestFinished(() => simulator.stop());
  const gateway = start({
    PORT: "0",
    NODE_ENV: "production",
    SHUTDOWN_DELAY_SECONDS: "0",
    CLOUDTOWER_URL: simulator.url,
    ...env,
  });
  const [, port] = await gateway.printed(/listens on http:\/\/[\d.]+:(\d+)/);
  const [vm] = simulator.control.rows("Vm", { in_recycle_bin: false });
  const snapshot = async (name: string) => {
    const query = `mutation { createVmSnapshot(input: { vmId: "${vm?.id}", name: "${name}" }) { created errors { code } } }`;
    const headers = { "content-type": "application/json", authorization: simulator.users[0]?.token ?? "" };
    const body = JSON.stringify({ query });
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: "POST", headers, body });
    expect(await response.json()).toEqual({ data: { createVmSnapshot: { created: true, errors: [] } } });
  };
  return { ...gateway, simulator, vmId: vm?.id, snapshot };
}

test("in production all of standard output is JSON, and each write has its audit line there if nothing else is said", async () => {
  const { output, snapshot, vmId, child, ended } = await startInProduction({ MAX_DEPHT: "3" });
  await snapshot("one");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);

  const lines = linesOf(output.stdout);
  expect(lines.filter(({ audit }) => audit)).toMatchObject([
    { endpoint: "create-vm-snapshot", ids: [vmId], names: ["one"], outcome: "sent" },
    { endpoint: "create-vm-snapshot", ids: [vmId], names: ["one"], outcome: "accepted", caller: expect.any(String) },
  ]);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 40, msg: expect.stringMatching(/MAX_DEPHT.*MAX_DEPTH/) }),
  );
  expect(output.stderr).toBe("");
});

test("AUDIT_LOG names a file that is independent of LOG_LEVEL, and is opened again on SIGHUP", async () => {
  const folder = mkdtempSync(join(tmpdir(), "towerql-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "audit.jsonl");
  const { output, snapshot, child, ended } = await startInProduction({ AUDIT_LOG: path, LOG_LEVEL: "info" });
  await snapshot("one");
  renameSync(path, `${path}.1`);
  child.kill("SIGHUP");
  await expect.poll(() => existsSync(path)).toBe(true);
  await snapshot("two");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);

  expect(linesOf(readFileSync(`${path}.1`, "utf8"))).toMatchObject(linesFor("one"));
  expect(linesOf(readFileSync(path, "utf8"))).toMatchObject(linesFor("two"));
  expect(linesOf(output.stdout).filter(({ audit }) => audit)).toEqual([]);
});

test("on a full disk writes go on, and their audit lines go to standard output", async () => {
  const { output, snapshot, child, ended } = await startInProduction({ AUDIT_LOG: "/dev/full" });
  await snapshot("one");
  await snapshot("two");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);

  const lines = linesOf(output.stdout);
  expect(lines.filter(({ audit }) => audit)).toMatchObject(
    ["one", "two"].flatMap(linesFor).map((line) => ({ ...line, auditFailure: expect.stringMatching(/ENOSPC/) })),
  );
  expect(lines.filter(({ msg }) => /audit log cannot be written/.test(String(msg)))).toHaveLength(1);
});

test("a write that is unanswered when the process is killed has left a line that it was sent", async () => {
  const folder = mkdtempSync(join(tmpdir(), "towerql-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "audit.jsonl");
  const { simulator, snapshot, vmId, child, ended } = await startInProduction({ AUDIT_LOG: path });
  simulator.faults.add({ operation: "create-vm-snapshot", effect: { kind: "hang" } });
  const lost = expect(snapshot("one")).rejects.toThrow();
  await expect.poll(() => simulator.calls.count("create-vm-snapshot")).toBe(1);
  child.kill("SIGKILL");
  await Promise.all([ended, lost]);

  const sent = {
    outcome: "sent",
    ids: [vmId],
    names: ["one"],
    requestId: expect.any(String),
    caller: expect.any(String),
  };
  expect(linesOf(readFileSync(path, "utf8"))).toMatchObject([{ endpoint: "create-vm-snapshot", ...sent }]);
});
