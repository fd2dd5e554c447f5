import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { PageSizes } from "../../src/upstream/page-sizes.js";
import { startGateway, type TestGateway } from "../support/gateway.js";

const MIB = 1024 * 1024;
/** 4 MiB that the gateway reads of any response, and what the buffers of both sides may hold. */
const READ_AHEAD_BYTES = 12 * MIB;
const BODY_BYTES = 24 * MIB;

/** A CloudTower whose lists are empty, but come with a lot of white space. */
async function startVerbose() {
  const sent = new Map<ServerResponse, number>();
  const state = { mostLarge: 0, responses: 0 };
  const send = (response: ServerResponse) => {
    const bytes = sent.get(response) ?? 0;
    if (response.destroyed) return;
    if (bytes >= BODY_BYTES) {
      response.end("]");
      return;
    }
    response.write(" ".repeat(MIB / 4), () => {
      if (!response.destroyed) sent.set(response, bytes + MIB / 4);
      const large = [...sent.values()].filter((count) => count > READ_AHEAD_BYTES).length;
      state.mostLarge = Math.max(state.mostLarge, large);
      send(response);
    });
  };
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.endsWith("get-version")) return void response.end('"4.6.0"');
    state.responses += 1;
    response.on("close", () => sent.delete(response));
    response.setHeader("content-type", "application/json");
    response.write("[");
    send(response);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, state, sent };
}

function vms(gateway: TestGateway, first: number, authorization: string) {
  return gateway.query(`{ vms(first: ${first}) { nodes { id } } }`, undefined, { authorization });
}

test("of many large responses, three are read at a time, and all arrive", async () => {
  const { url, state } = await startVerbose();
  const gateway = await startGateway({ env: { CLOUDTOWER_URL: url } });

  const results = await Promise.all(Array.from({ length: 8 }, (_, n) => vms(gateway, n + 1, `token-${n % 2}`)));

  for (const { data, errors } of results) expect([data, errors]).toEqual([{ vms: { nodes: [] } }, undefined]);
  expect(state.responses).toBe(8);
  expect(state.mostLarge).toBeGreaterThan(0);
  expect(state.mostLarge).toBeLessThanOrEqual(3);
}, 60_000);

test("a client that leaves while its large response waits makes room, and cancels it", async () => {
  const { url, state, sent } = await startVerbose();
  const gateway = await startGateway({ env: { CLOUDTOWER_URL: url } });
  const leaving = Array.from({ length: 6 }, (_, n) => gateway.abortable(`{ vms(first: ${n + 1}) { nodes { id } } }`));
  await expect.poll(() => state.responses).toBe(6);
  for (const { abort, response } of leaving) {
    response.catch(() => {});
    abort();
  }

  await expect.poll(() => sent.size, { timeout: 20_000 }).toBe(0);
  expect((await vms(gateway, 9, "other")).errors).toBeUndefined();
}, 60_000);

test("the next operation begins with the page size that was not too large", async () => {
  const gateway = await startGateway({ simulator: { vms: 100 }, env: { UPSTREAM_MAX_ANSWER_MIB: "1" } });
  const { control, calls } = gateway.simulator;
  for (const { id } of control.rows("Vm")) control.patch("Vm", id as string, { description: "x".repeat(40_000) });
  const sizes = () => calls.of("get-vms").map(({ body }) => (body as { first: number }).first);
  const query = "{ vms(first: 90) { nodes { id description } } }";

  const first = await gateway.data(query);
  expect(Math.max(...sizes())).toBe(91);
  calls.clear();
  const second = await gateway.data(query);
  const below = "{ clusters { nodes { vms(first: 40, orderBy: {field: HOSTNAME}) { nodes { id } } } } }";
  await gateway.data(below);

  expect(second).toEqual(first);
  // A MiB holds 26 such rows.
  expect(Math.max(...sizes())).toBeLessThanOrEqual(26);
  expect(calls.count("get-vms-connection")).toBe(0);
});

test("a page size is forgotten after some minutes, and known for its own endpoint alone", () => {
  let now = 0;
  const sizes = new PageSizes(() => now);
  sizes.record("get-vms", 20);

  expect([sizes.maxRows("get-vms"), sizes.maxRows("get-hosts")]).toEqual([20, Number.POSITIVE_INFINITY]);
  now += 6 * 60_000;
  expect(sizes.maxRows("get-vms")).toBe(Number.POSITIVE_INFINITY);
});
