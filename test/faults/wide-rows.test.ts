import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { failureOf } from "./support/failures.js";

const env = { UPSTREAM_MAX_ANSWER_MIB: "1" };

/** A gateway for responses of at most 1 MiB, and one for any, of the same CloudTower. Its 100 VMs have more than 3 MiB. */
async function twoGateways(): Promise<{ narrow: TestGateway; wide: TestGateway }> {
  const narrow = await startGateway({ simulator: { vms: 100 }, env });
  const { control, url } = narrow.simulator;
  for (const [n, { id }] of control.rows("Vm").entries()) {
    control.patch("Vm", id as string, { description: `${n % 4} ${"x".repeat(40_000)}` });
  }
  return { narrow, wide: await startGateway({ env: { CLOUDTOWER_URL: url } }) };
}

const nodes = "nodes { id name description }";

test.each([
  ["a page in the default order", `{ vms(first: 90) { ${nodes} pageInfo { hasNextPage endCursor } } }`],
  ["a page in reverse", `{ vms(last: 90) { ${nodes} pageInfo { hasPreviousPage startCursor } } }`],
  ["a page by name", `{ vms(first: 100, orderBy: {field: NAME, direction: DESC}) { ${nodes} } }`],
  ["a page with ties", `{ vms(first: 90, orderBy: {field: VCPU_COUNT, direction: ASC}) { ${nodes} } }`],
  [
    "a page with missing values",
    `{ vms(first: 90, orderBy: {field: LAST_SHUTDOWN_AT, direction: DESC}) { ${nodes} } }`,
  ],
  ["a list below parents", `{ clusters(first: 5) { nodes { vms(first: 100) { ${nodes} } } } }`],
  ["a relation", `{ vmDisks(first: 300) { nodes { vm { ${nodes.slice(8, -2)} } } } }`],
])("%s that does not fit into one response is read in smaller pages, with the same result", async (_name, query) => {
  const { narrow, wide } = await twoGateways();

  const expected = await wide.data(query);
  narrow.simulator.calls.clear();
  const result = await narrow.data(query);

  expect(result).toEqual(expected);
  const sizes = narrow.simulator.calls.of("get-vms").map(({ body }) => (body as { first: number }).first);
  // The first response is cut off, and then no more pages are tried than it takes to halve 100 rows.
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.filter((first) => first > 100).length).toBeLessThanOrEqual(2);
});

test("pages are not made smaller than the floor, and the error names the limit", async () => {
  const gateway = await startGateway({ env, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "huge", bytes: 2_000_000 } });

  const { code, message } = await failureOf(gateway, "{ vms(first: 999) { nodes { id } } }");

  expect(code).toBe("UPSTREAM_ERROR");
  expect(message).toContain("UPSTREAM_MAX_ANSWER_MIB");
  const sizes = gateway.simulator.calls.of("get-vms").map(({ body }) => (body as { first: number }).first);
  expect(sizes).toEqual([1000, 19, 10]);
  expect(gateway.simulator.calls.count("get-vms-connection")).toBe(1);
});

test("an endless response is cut off while it arrives", async () => {
  let sentBytes = 0;
  const send = (response: ServerResponse) => {
    if (response.destroyed) return;
    sentBytes += 65_536;
    response.write("x".repeat(65_536), () => send(response));
  };
  const endless = createServer((_, response) => send(response));
  onTestFinished(() => void endless.close());
  await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
  const gateway = await startGateway({ env: { ...env, CLOUDTOWER_URL: url } });

  const { code, message } = await failureOf(gateway);

  expect([code, message]).toEqual(["UPSTREAM_ERROR", expect.stringContaining("larger than the gateway accepts")]);
  // The rest are buffers of the system.
  expect(sentBytes).toBeLessThan(16 * 1024 * 1024);
});
