import { expect, test } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";
import { oneCall } from "./support/failures.js";

const headers = { "external-cloudtower-id": "cl-of-another-tower", "x-bypass-whitelist": "1" };
const env = {
  UPSTREAM_HEADERS: "external-cloudtower-id: cl-of-another-tower, X-Bypass-Whitelist: 1",
  AUTH_MODE: "service",
  API_KEYS: "key-of-a-backup-product",
  CLOUDTOWER_USERNAME: "auditor",
  CLOUDTOWER_PASSWORD: "auditor-pass",
  CLOUDTOWER_SOURCE: "LDAP",
};
const key = { authorization: "key-of-a-backup-product" };

test("every call has the configured headers: reads, writes, pings, directories and logins", async () => {
  const gateway = await startGateway({ env });
  const { calls, control } = gateway.simulator;
  await fetch(`${gateway.url}/readyz`);
  await gateway.query(oneCall, {}, key);
  const vmId = control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const write = 'mutation ($vmId: ID!) { createVmSnapshot(input: {vmId: $vmId, name: "s"}) { created } }';
  await gateway.query(write, { vmId }, key);

  expect(Object.keys(calls.counts)).toEqual(
    expect.arrayContaining(["/api", "create-vm-snapshot", "get-clusters", "get-version", "login"]),
  );
  for (const call of calls.all) expect(call.headers).toMatchObject(headers);
});

test("a header's value is in no log line and no error, even if CloudTower echoes it", async () => {
  const log = captureLog("trace");
  const gateway = await startGateway({ env, logger: log.logger });
  const message = "unknown CloudTower cl-of-another-tower";
  gateway.simulator.faults.add({ operation: /./, effect: { kind: "status", status: 500, message } });

  const result = await gateway.query(oneCall, {}, key);
  const ready = await (await fetch(`${gateway.url}/readyz`)).text();

  expect(result.errors).toBeDefined();
  expect(JSON.stringify(log.lines)).toContain("unknown CloudTower ***");
  expect(JSON.stringify([result, ready, log.lines])).not.toContain("cl-of-another-tower");
});
