import { expect, test } from "vitest";
import { contractVersion } from "../../src/upstream/wire/contract.js";
import { Client } from "./support/client.js";

test.each([["TOKEN"], ["Bearer TOKEN"], ["bearer  TOKEN"]])("accepts the token as %j", async (token) => {
  const client = await Client.open({ vms: 1 });
  const response = await client.send("get-vms", {}, { authorization: token.replace("TOKEN", client.token()) });
  expect(response.status).toBe(200);
});

test.each([[""], ["nonsense"], ["Bearer"], ["Bearer nonsense"], ["Basic TOKEN"]])(
  "responds 401 to the token %j",
  async (token) => {
    const client = await Client.open({ vms: 1 });
    const response = await client.send("get-vms", {}, { authorization: token.replace("TOKEN", client.token()) });
    expect(response.status).toBe(401);
    expect(JSON.parse(response.text)).toMatchObject({
      status: 401,
      path: "/get-vms",
      message: expect.stringContaining("token"),
    });
  },
);

test("every response has a unique request id", async () => {
  const client = await Client.open({ vms: 1 });
  const responses = await Promise.all([
    client.send("get-vms"),
    client.send("get-vms", { where: { x: 1 } }),
    client.send("nothing"),
  ]);
  expect(new Set(responses.map(({ headers }) => headers.get("x-tower-request-id"))).size).toBe(3);
});

test("errors have a stack, as in the real product", async () => {
  const client = await Client.open({ vms: 1 });
  const response = await client.send("get-vms", { where: { x: 1 } });
  expect(JSON.parse(response.text).stack).toContain("    at ");
});

test("the version needs no login, and unknown endpoints are a 404", async () => {
  const client = await Client.open({ vms: 1 });
  expect(await (await fetch(`${client.simulator.url}/get-version`)).json()).toBe(contractVersion);
  expect((await client.refused("create-cluster", {})).status).toBe(404);
  const headers = { authorization: client.token() };
  expect((await fetch(`${client.simulator.url}/get-vms`, { headers })).status).toBe(404);
});

test.each([
  ["{", "not valid JSON"],
  ["", "a JSON body is required"],
])("refuses the body %j", async (body, message) => {
  const client = await Client.open({ vms: 1 });
  const headers = { authorization: client.token() };
  const response = await fetch(`${client.simulator.url}/get-vms`, { method: "POST", headers, body });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { message: string }).message).toContain(message);
});

test("a login gives a valid token, wrong credentials are refused", async () => {
  const client = await Client.open({ vms: 1 });
  const login = async (body: object) => client.send("login", body, { authorization: "" });
  const { text } = await login({ username: "admin", password: "admin-pass", source: "LOCAL" });
  const { task_id, data } = JSON.parse(text) as { task_id: null; data: { token: string } };
  expect(task_id).toBeNull();
  expect((await client.send("get-vms", {}, { authorization: data.token })).status).toBe(200);
  expect((await login({ username: "admin", password: "admin-pass" })).status).toBe(200);
  expect((await login({ username: "admin", password: "no", source: "LOCAL" })).status).toBe(400);
  expect((await login({ username: "admin", password: "admin-pass", source: "LDAP" })).status).toBe(400);
  expect((await login({ username: "auditor", password: "auditor-pass", source: "AUTHN" })).status).toBe(400);
  const directory = { source: "AUTHN", auth_config_id: "clrdirectory00000822simulat" };
  expect((await login({ username: "auditor", password: "auditor-pass", ...directory })).status).toBe(200);
});

test("a revoked token is refused, and the next login gives a valid one", async () => {
  const client = await Client.open({ vms: 1 });
  client.simulator.control.revokeTokens("viewer");
  expect((await client.refused("get-vms", {}, "viewer")).status).toBe(401);
  expect((await client.send("get-vms")).status).toBe(200);
  const { text } = await client.send("login", { username: "viewer", password: "viewer-pass", source: "LOCAL" });
  const { token } = (JSON.parse(text) as { data: { token: string } }).data;
  expect((await client.send("get-vms", {}, { authorization: token })).status).toBe(200);
});

test("a user of one cluster sees only that cluster: in lists, counts, filters and lists inside other rows", async () => {
  const client = await Client.open();
  const vms = await client.list("Vm", "vms", {}, "operator");
  expect(new Set(vms.map(({ cluster }) => cluster?.name))).toEqual(new Set(["上海灾备集群"]));
  expect(await client.post("get-vms-connection", {}, "operator")).toEqual({ aggregate: { count: vms.length } });
  const hidden = await client.vm("web-prod-01");
  expect(await client.list("VmDisk", "vm-disks", { where: { vm: { id: hidden.id } } }, "operator")).toEqual([]);
  expect(await client.list("Vm", "vms", { after: hidden.id }, "operator")).toEqual([]);
  const visibleIds = new Set(vms.map(({ id }) => id));
  const labels = await client.list("Label", "labels", {}, "operator");
  const labeled = labels.flatMap((label) => label.vms ?? []);
  expect(labeled.length).toBeGreaterThan(0);
  expect(labeled.every(({ id }) => visibleIds.has(id))).toBe(true);
  expect(labels.map((label) => label.vm_num)).toEqual(labels.map((label) => label.vms?.length));
});

test("a user cannot change invisible rows: ids are not found, and filters of writes do not match", async () => {
  const client = await Client.open();
  const hidden = await client.vm("web-prod-01");
  const body = { data: [{ vm_id: hidden.id, name: "x" }] };
  expect((await client.refused("create-vm-snapshot", body, "operator")).status).toBe(404);
  const seen = await client.list("VmSnapshot", "vm-snapshots", {}, "operator");
  expect(await client.post<unknown[]>("delete-vm-snapshot", { where: {} }, "operator")).toHaveLength(seen.length);
});

test.each(["viewer", "auditor"])("%s can read everything and write nothing", async (username) => {
  const client = await Client.open();
  expect(await client.list("Vm", "vms", {}, username)).toHaveLength(40);
  const vm = await client.vm("web-prod-01");
  const refusal = await client.refused("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "x" }] }, username);
  expect(refusal.status).toBe(403);
});

test("content-language selects the language of descriptions and messages", async () => {
  const client = await Client.open();
  const chinese = { "content-language": "zh-CN" };
  const tasks = JSON.parse((await client.send("get-tasks", { first: 1 }, chinese)).text);
  expect(tasks[0].description).toMatch(/^创建虚拟机快照/);
  expect((await client.list("Task", "tasks", { first: 1 }))[0]?.description).toMatch(/^Create VM snapshot/);
  expect(JSON.parse((await client.send("get-vms", { where: { x: 1 } }, chinese)).text).message).toContain(
    "请求参数错误",
  );
});
