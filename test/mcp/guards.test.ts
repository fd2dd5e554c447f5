import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { hold } from "../support/hold.js";
import { connectAgent, postMessage } from "./support/agent.js";

const MCP = { MCP: "true" };
const PING = { jsonrpc: "2.0", id: 1, method: "ping" };
const run = (query: string) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "run_query", arguments: { query } },
});
const QUERY = "{ vms(first: 1) { totalCount } }";

describe("who is served", () => {
  test("each agent reads with its own credential, and none without one", async () => {
    const gateway = await startGateway({ env: MCP });
    const operator = gateway.simulator.users[1]?.token ?? "";
    const everything = await connectAgent(gateway);
    const something = await connectAgent(gateway, { authorization: operator });

    const [all, some] = await Promise.all(
      [everything, something].map((agent) =>
        agent.call<{ data: { vms: { totalCount: number } } }>("run_query", { query: QUERY }),
      ),
    );
    const unknown = await (await connectAgent(gateway, { authorization: "unknown" })).call("run_query", {
      query: QUERY,
    });
    const anonymous = await postMessage(gateway, PING, { authorization: "" });

    expect(some?.value.data.vms.totalCount).toBeLessThan(all?.value.data.vms.totalCount ?? 0);
    expect(unknown).toMatchObject({ isError: true, value: { errors: [{ code: "UNAUTHENTICATED" }] } });
    expect(anonymous.status).toBe(401);
    expect(await anonymous.text()).toContain("UNAUTHENTICATED");
    expect(gateway.simulator.calls.all.map(({ token }) => token)).toEqual(
      expect.arrayContaining([gateway.token, operator]),
    );
  });

  test("in service mode an agent needs one of the keys", async () => {
    const account = { CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass" };
    const gateway = await startGateway({ env: { ...MCP, ...account, AUTH_MODE: "service", API_KEYS: "a-key" } });

    expect((await postMessage(gateway, PING, { authorization: "other" })).status).toBe(401);
    expect((await postMessage(gateway, PING, { authorization: "Bearer a-key" })).status).toBe(200);
  });

  test("where everyone is served, pages of other origins and unknown host names are not", async () => {
    const gateway = await startGateway({ env: { ...MCP, CLOUDTOWER_URL: "", SIMULATOR_VMS: "1" } });
    const headers = { authorization: "" };

    expect((await postMessage(gateway, PING, headers)).status).toBe(200);
    expect((await postMessage(gateway, PING, { ...headers, origin: "https://evil.example" })).status).toBe(403);
    expect((await postMessage(gateway, PING, { ...headers, origin: gateway.url })).status).toBe(200);
    const { status, text } = await postTo(gateway.url, "evil.example", PING);
    expect([status, text]).toEqual([403, expect.stringContaining("ALLOWED_HOSTS")]);
  });

  test("without MCP there is no such path", async () => {
    const gateway = await startGateway();
    expect((await postMessage(gateway, PING)).status).toBe(404);
  });
});

describe("what is refused", () => {
  test("messages that are none, batches, sessions and large bodies", async () => {
    const gateway = await startGateway({ env: { ...MCP, MAX_BODY_BYTES: "2000" } });
    const batch = await postMessage(gateway, Array(5).fill(run(QUERY)));
    const get = await fetch(`${gateway.url}/mcp`, {
      headers: { authorization: gateway.token, accept: "text/event-stream" },
    });

    expect([batch.status, await batch.text()]).toEqual([400, expect.stringContaining("one message per request")]);
    expect([get.status, get.headers.get("allow"), await get.text()]).toEqual([
      405,
      "POST",
      expect.stringContaining("there are no sessions"),
    ]);
    expect((await postMessage(gateway, "{")).status).toBe(400);
    expect((await postMessage(gateway, "7")).status).toBe(400);
    expect((await postMessage(gateway, run(`{ ${"v".repeat(2000)} }`))).status).toBe(413);
    expect((await postMessage(gateway, PING, { "content-type": "text/plain" })).status).toBe(415);
    expect((await postMessage(gateway, PING, { accept: "application/json" })).status).toBe(406);
    expect((await postMessage(gateway, PING, { "mcp-protocol-version": "1999-01-01" })).status).toBe(400);
    expect(gateway.simulator.calls.all).toEqual([]);
  });

  test("messages and operations beyond the client's rate", async () => {
    const gateway = await startGateway({ env: { ...MCP, RATE_LIMIT_PER_SECOND: "1", RATE_LIMIT_BURST: "8" } });

    const responses: Response[] = [];
    for (let count = 0; count < 12; count += 1) responses.push(await postMessage(gateway, PING));
    const [accepted, refused] = [200, 429].map((status) => responses.filter((response) => response.status === status));

    expect(accepted?.length).toBeGreaterThanOrEqual(8);
    expect(refused?.length).toBeGreaterThan(0);
    expect(refused?.[0]?.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  test("an operation beyond its limits, with the limit and the predicted cost", async () => {
    const gateway = await startGateway({ env: { ...MCP, MAX_OPERATION_CALLS: "3" } });
    const agent = await connectAgent(gateway);
    const query = "{ vms { nodes { disks { volume { lun { storageVolume { zbsId } } } } } } }";
    const outcomes = [await agent.call("check_query", { query }), await agent.call("run_query", { query })];

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        isError: true,
        value: {
          errors: [
            {
              code: "QUERY_TOO_EXPENSIVE",
              cost: { calls: 4 },
              limit: { calls: 3 },
              message: expect.stringContaining("at most 3"),
            },
          ],
        },
      });
    }
    expect(gateway.simulator.calls.all).toEqual([]);
  });

  test("operations beyond the client's part of the running ones wait", async () => {
    const gateway = await startGateway({ env: MCP });
    const held = hold();
    gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hold", until: held.released } });
    const large = (first: number) =>
      `{ vms(first: ${first}) { nodes { name disks { key volume { name lun { name storageVolume { zbsId } } } } } } }`;

    // Different operations, so that no call serves two of them.
    const results = Array.from({ length: 8 }, (_, n) => postMessage(gateway, run(large(1000 - n))));
    await expect.poll(() => gateway.simulator.calls.count("get-vms")).toBe(5);
    expect((await postMessage(gateway, PING)).status).toBe(200);
    expect(gateway.simulator.calls.count("get-vms")).toBe(5);
    held.release();

    for (const result of await Promise.all(results)) expect(await result.text()).not.toContain("RATE_LIMITED");
    expect(gateway.simulator.calls.count("get-vms")).toBe(8);
  });

  test("mutations, where there are none", async () => {
    const agent = await connectAgent(await startGateway({ env: { ...MCP, READ_ONLY: "true" } }));
    const { isError, text } = await agent.call("run_query", { query: "mutation { __typename }" });

    expect([isError, text]).toEqual([true, expect.stringContaining("This gateway offers no mutation operations.")]);
  });

  test("an operation that is not on the safelist", async () => {
    const file = join(tmpdir(), `towerql-safelist-${process.pid}.json`);
    writeFileSync(file, JSON.stringify([QUERY]));
    const gateway = await startGateway({ env: { ...MCP, SAFELIST_FILE: file } });
    const agent = await connectAgent(gateway);

    expect(await agent.call("run_query", { query: QUERY })).toMatchObject({ isError: false });
    expect(await agent.call("run_query", { query: "{ hosts { totalCount } }" })).toMatchObject({
      isError: true,
      value: { errors: [{ code: "OPERATION_NOT_ALLOWED" }] },
    });
  });

  test("settings that contradict each other", async () => {
    const start = (env: Record<string, string>) => startGateway({ env });
    await expect(start({ MCP_WRITES: "true" })).rejects.toThrow(/MCP must be on if MCP_WRITES is/);
    await expect(start({ ...MCP, MCP_WRITES: "true", READ_ONLY: "true" })).rejects.toThrow(
      /MCP_WRITES must be off with READ_ONLY/,
    );
  });
});

test("an operation ends at its deadline", async () => {
  const gateway = await startGateway({ env: { ...MCP, OPERATION_TIMEOUT_SECONDS: "1" }, spoilsAnswers: true });
  const agent = await connectAgent(gateway);
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hang" } });

  const late = await agent.call("run_query", { query: "{ vms { nodes { name } } }" });

  expect(late).toMatchObject({ isError: true, value: { errors: [{ code: "UPSTREAM_TIMEOUT" }] } });
});

test("when an agent leaves, its reads are cancelled and no further ones are sent", async () => {
  const gateway = await startGateway({ env: MCP, spoilsAnswers: true });
  const { faults, calls } = gateway.simulator;
  faults.add({ operation: "get-vms", effect: { kind: "hang" } });
  const controller = new AbortController();
  const arrived = calls.next("get-vms");

  const left = postMessage(gateway, run("{ vms { nodes { disks { bus } } } }"), {}, controller.signal);
  await arrived;
  controller.abort();

  await expect(left).rejects.toThrow();
  await expect.poll(() => calls.inFlight).toBe(0);
  expect(calls.count("get-vm-disks")).toBe(0);
});

/** POSTs a message under another host name, which `fetch` does not allow. */
async function postTo(
  url: string,
  host: string,
  message: object,
): Promise<{ status: number | undefined; text: string }> {
  const headers = { host, "content-type": "application/json", accept: "application/json, text/event-stream" };
  const sent = request(`${url}/mcp`, { method: "POST", headers }).end(JSON.stringify(message));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, text };
}
