import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { Client } from "./support/client.js";

/** Calls the control API. */
async function control(
  client: Client,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const url = new URL(`/simulator${path}`, client.simulator.url);
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(url, { method, ...init });
  return { status: response.status, body: await response.json() };
}

test("faults, time, lags and tasks are controlled by HTTP", async () => {
  const client = await Client.open();
  await control(client, "POST", "/faults", {
    operation: "/^get-v/",
    times: 1,
    effect: { kind: "status", status: 502 },
  });
  expect((await client.send("get-vms")).status).toBe(502);
  await control(client, "POST", "/faults", { effect: { kind: "status", status: 500 } });
  await control(client, "DELETE", "/faults");
  await control(client, "POST", "/lags", { asyncStatusMs: 1000 });
  await control(client, "POST", "/next-task", { kind: "FAILED", errorMessage: "no" });
  const { taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  await control(client, "POST", "/advance", { milliseconds: 4000 });
  expect(await client.task(taskId)).toMatchObject({ status: "FAILED", error_message: "no" });
  expect((await control(client, "GET", "/calls")).body).toMatchObject({ counts: { "create-vm-snapshot": 1 } });
});

test("tasks count in percent and are forgotten, and disks are visible before their names, if told so by HTTP", async () => {
  const client = await Client.open();
  await control(client, "POST", "/progress-scale", { scale: 100 });
  await control(client, "POST", "/lags", { diskNamesMs: 1000 });
  await control(client, "POST", "/quirks", { taskMemoryMs: 1500 });
  const { taskId, id } = await client.snapshot(await client.vm("web-prod-01"), "s");
  const names = async () => {
    const [row] = await client.list("VmSnapshot", "vm-snapshots", { where: { id } });
    return row?.vm_disks?.map((disk) => Boolean(disk.snapshot_local_id));
  };
  expect(await names()).toEqual([false, false, false]);
  await control(client, "POST", "/advance", { milliseconds: 4000 });
  expect(await client.task(taskId)).toMatchObject({ status: "SUCCESSED", progress: 100 });
  expect(await names()).toEqual([false, false, false]);
  await control(client, "POST", "/advance", { milliseconds: 2000 });
  expect(await names()).toContain(true);
  expect(await client.task(taskId)).toBeUndefined();
});

test("others act if told so by HTTP", async () => {
  const client = await Client.open();
  await control(client, "POST", "/activity", { perMinute: 60, planSeconds: 30 });
  await control(client, "POST", "/advance", { milliseconds: 60_000 });
  const where = { name_starts_with: "plan-" };
  expect((await client.list("VmSnapshot", "vm-snapshots", { where })).length).toBeGreaterThan(0);
  await control(client, "POST", "/quirks", { taskMemoryMs: 1 });
  const past = (await control(client, "GET", "/past-tasks")).body as { tasks: { mutation: string }[] };
  expect(past.tasks.map(({ mutation }) => mutation)).toContain("createVmSnapshot");
});

test("the directories of logins are set by HTTP", async () => {
  const client = await Client.open({ vms: 1 });
  const directories = [{ id: "a", type: "LDAP" }];
  await control(client, "POST", "/directories", { directories });

  const body = JSON.stringify({ query: "{authnStrategies{id type}}" });
  const response = await fetch(new URL("/api", client.simulator.url), { method: "POST", body });

  expect(await response.json()).toEqual({ data: { authnStrategies: directories } });
});

test("rows are read, changed, added and removed by HTTP", async () => {
  const client = await Client.open();
  const { id } = await client.vm("web-prod-01");
  await control(client, "POST", `/rows/Vm/${id}`, { vm_tools_status: "NOT_RUNNING" });
  expect((await control(client, "GET", `/rows/Vm/${id}`)).body).toMatchObject({ vm_tools_status: "NOT_RUNNING" });
  const added = await control(client, "POST", "/rows/Label", { key: "k", value: "v" });
  expect(added.body).toEqual({ id: expect.any(String) });
  await control(client, "DELETE", `/rows/Vm/${id}`);
  expect(await client.list("Vm", "vms", { where: { id } })).toEqual([]);
});

test.each([
  ["POST", "/faults", { effect: { kind: "explode" } }, "effect.kind must be one of"],
  ["POST", "/advance", { milliseconds: "1" }, "milliseconds must be a number"],
  ["POST", "/lags", { moonMs: 1 }, "unknown lag moonMs"],
  ["POST", "/activity", { perHour: 1 }, "unknown setting perHour"],
  ["POST", "/activity", { perMinute: "1" }, "perMinute must be a number"],
  ["POST", "/directories", { directories: [{ id: 1 }] }, "directories must be a list of"],
  ["POST", "/next-task", { kind: "DONE" }, "kind must be FAILED or PAUSED"],
  ["POST", "/progress-scale", { scale: 10 }, "scale must be 1 or 100"],
  ["POST", "/rows/Nothing", {}, "the contract has no entity Nothing"],
  ["POST", "/nothing", {}, "GET /simulator lists the routes"],
])("%s /simulator%s with %j is refused", async (method, path, body, message) => {
  const client = await Client.open({ vms: 1 });
  const { status, body: result } = await control(client, method, path, body);
  expect(status).toBeGreaterThanOrEqual(400);
  expect((result as { error: string }).error).toContain(message);
});

test("refuses a request that a page of another origin can send without a preflight", async () => {
  const client = await Client.open({ vms: 1 });
  const url = new URL("/simulator/faults", client.simulator.url);
  expect((await fetch(url, { method: "POST", body: '{"effect":{"kind":"hang"}}' })).status).toBe(415);
});

test("the command line starts a simulator, prints its URL and a token, and exits with 0 on SIGTERM", async () => {
  const args = [
    "--import",
    "tsx",
    "src/simulator/cli.ts",
    "--port",
    "0",
    "--vms",
    "2",
    "--seed",
    "5",
    "--task-seconds",
    "0",
    "--activity",
    "6000",
    "--plan-seconds",
    "1",
    "--api-version",
    "3.4.0",
  ];
  const process_ = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void process_.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve) => process_.once("exit", resolve));
  let text = "";
  for await (const line of createInterface({ input: process_.stdout })) {
    text += `${line}\n`;
    if (line.startsWith("Press Ctrl+C")) break;
  }
  const url = /http:\S+\/v2\/api/.exec(text)?.[0];
  const token = /Authorization: (admin-\S+)/.exec(text)?.[1] ?? "";
  const response = await fetch(`${url}/get-vms-connection`, {
    method: "POST",
    headers: { authorization: token },
    body: "{}",
  });
  expect(await response.json()).toEqual({ aggregate: { count: 2 } });
  const newTasks = async () => {
    const tasks = await fetch(`${url}/get-tasks`, {
      method: "POST",
      headers: { authorization: token },
      body: '{"where": {"local_created_at_gt": "2026-10-01T00:00:00.000Z"}, "first": 1}',
    });
    return ((await tasks.json()) as object[]).length;
  };
  // Others act from then on.
  await expect.poll(newTasks).toBe(1);
  process_.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test.each([
  ["--vms", "many"],
  ["--api-version", "new"],
  ["--port", "-1"],
])("the command line refuses %s %s in one line", async (...bad) => {
  const args = ["--import", "tsx", "src/simulator/cli.ts", "--port", "0", ...bad];
  const process_ = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void process_.kill("SIGKILL"));
  let text = "";
  process_.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  expect(await new Promise((resolve) => process_.once("close", resolve))).toBe(1);
  expect(text.trim().split("\n")).toHaveLength(1);
});
