import { expect, test } from "vitest";
import { Client } from "./support/client.js";

test.each([
  ["vcpu_gt", "2", 2],
  ["vcpu_in", ["1", "4"], [1, 4]],
  ["memory_lte", "8589934592", 8_589_934_592],
  ["cpu_usage_gt", "0.5", 0.5],
])("a number in a filter can be text, as in the vendor's examples: %s", async (key, text, number) => {
  const client = await Client.open();

  const found = await client.post<object[]>("get-vms", { where: { [key]: text } });

  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(await client.post("get-vms", { where: { [key]: number } }));
});

test.each(["two", "", "0x2", "2 ", "1.5"])("the text %j is no integer", async (text) => {
  const client = await Client.open({ vms: 1 });

  const { status, message } = await client.refused("get-vms", { where: { vcpu: text } });

  expect([status, message]).toEqual([400, expect.stringContaining("where.vcpu must be")]);
});

test.each([
  ["delete-vm-snapshot", { where: { id: "none" } }],
  ["start-vm", { where: { id: "none" } }],
  ["poweroff-vm", { where: { id: "none" } }],
  ["delete-iscsi-lun-snapshot", { where: { id: "none" } }],
  ["delete-vm-volume-snapshot", { where: { id: "none" } }],
  ["rollback-consistency-snapshot-group", { where: { id: "none" } }],
  ["delete-consistency-snapshot-group", { where: { id: "none" }, data: { remain_volume_snapshot: false } }],
])("%s that matches nothing is 200 and an empty list", async (endpoint, body) => {
  const client = await Client.open({ vms: 1 });

  expect(await client.post(endpoint, body)).toEqual([]);
});

test.each([
  ["en-US", "4.0.0", 200],
  ["zh-CN", "4.0.0", 200],
  ["*", "4.3.0", 400],
  ["*", "4.4.0", 200],
  ["fr-FR", "4.6.0", 400],
])("content-language %s at %s: %d", async (language, apiVersion, status) => {
  const client = await Client.open({ vms: 1, apiVersion });

  expect((await client.send("get-vms", {}, { "content-language": language })).status).toBe(status);
});
