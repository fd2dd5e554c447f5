import { describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, type Result, sseClient } from "../support/transports.js";

const CREATE = `mutation ($vmId: ID!) {
  createVmSnapshot(input: { vmId: $vmId, name: "sse" }) { task { id } errors { code } }
}`;
const WATCH = "subscription ($id: ID!) { taskProgress(taskId: $id) { status progress } }";

interface Created {
  readonly createVmSnapshot: { readonly task: { readonly id: string } };
}

test("streams the progress of a task from the current state to the final one to the client of graphql-sse", async () => {
  const gateway = await startGateway();
  const { vms } = await gateway.data<{ vms: { nodes: { id: string }[] } }>(
    "{ vms(first: 1, filter: { status: { eq: RUNNING } }) { nodes { id } } }",
  );
  const { createVmSnapshot } = await gateway.data<Created>(CREATE, { vmId: vms.nodes[0]?.id });
  const statuses: string[] = [];
  for await (const { data } of sseClient(gateway).iterate<{ taskProgress: { status: string } }>({
    query: WATCH,
    variables: { id: createVmSnapshot.task.id },
  })) {
    statuses.push(data?.taskProgress.status ?? "none");
    gateway.simulator.advance(60_000);
  }

  expect(statuses.at(-1)).toBe("SUCCEEDED");
});

test("a query over SSE is one event, and then the stream completes", async () => {
  const gateway = await startGateway();
  const results = [];
  for await (const result of sseClient(gateway).iterate({ query: "{ vms(first: 1) { nodes { __typename } } }" }))
    results.push(result);

  expect(results).toEqual([{ data: { vms: { nodes: [{ __typename: "Vm" }] } } }]);
});

test("the stream is in the format of an EventSource, and needs a credential", async () => {
  const gateway = await startGateway();
  const events = { accept: "text/event-stream", authorization: "" };
  const response = await gateway.post({ query: WATCH, variables: { id: "a" } }, events);
  const text = await response.text();

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(text).toMatch(
    /event: next\ndata: \{"errors":\[\{.*"code":"UNAUTHENTICATED".*\n\nid: complete\nevent: complete\ndata:\n\n$/,
  );
});

test("a client that accepts JSON and events gets JSON for a query and events for a subscription", async () => {
  const gateway = await startGateway();
  const typeOf = async (query: string) => {
    const accept = "application/graphql-response+json, application/json, text/event-stream";
    const { response, abort } = gateway.abortable(query, { accept });
    const type = (await response).headers.get("content-type");
    abort();
    return type;
  };

  expect(await typeOf("{ __typename }")).toBe("application/graphql-response+json; charset=utf-8");
  expect(await typeOf('subscription { taskProgress(taskId: "a") { status } }')).toBe(
    "text/event-stream; charset=utf-8",
  );
});

test("a client that leaves releases its subscription", async () => {
  const gateway = await startGateway({ env: { MAX_SUBSCRIPTIONS_PER_CLIENT: "1" } });
  const watch = async () => {
    const query = 'subscription { taskProgress(taskId: "a") { status } }';
    const { response, abort } = gateway.abortable(query, { accept: "text/event-stream" });
    return { status: (await response).status, abort };
  };
  const first = await watch();
  expect([first.status, (await watch()).status]).toEqual([200, 429]);

  first.abort();
  await expect
    .poll(async () => {
      const { status, abort } = await watch();
      abort();
      return status;
    })
    .toBe(200);
});

describe("an EventSource", () => {
  const browser = { "sec-fetch-site": "same-origin", accept: "text/event-stream" };
  const get = (gateway: TestGateway, query: string, lastEventId?: string) =>
    fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: {
        ...browser,
        authorization: gateway.token,
        ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
      },
    });
  const task = (id: string) => `subscription { taskProgress(taskId: "${id}") { status } }`;

  test("is stopped by 204 when it reconnects to a stream that has completed, also by another process", async () => {
    const gateway = await startGateway();
    const [{ id = "" } = {}] = gateway.simulator.control.rows("Task");
    const text = await (await get(gateway, task(String(id)))).text();
    const lastId = /^id: (.*)$/gm.exec(text)?.[1];
    gateway.simulator.calls.clear();

    for (const each of [gateway, await startGateway()]) {
      const again = await get(each, task(String(id)), lastId);
      expect([again.status, await again.text()]).toEqual([204, ""]);
      expect(each.simulator.calls.count("get-tasks")).toBe(0);
    }
  });

  test("is stopped by 204 when it reconnects after a refusal", async () => {
    const gateway = await startGateway();
    const text = await (await get(gateway, "subscription { nonsense }")).text();
    expect(text).toContain("GRAPHQL_VALIDATION_FAILED");
    const lastId = /^id: (.*)$/gm.exec(text)?.[1];

    expect((await get(gateway, "subscription { nonsense }", lastId)).status).toBe(204);
  });

  test("may reconnect to a stream that ended because CloudTower could not be reached", async () => {
    const gateway = await startGateway({ spoilsAnswers: true });
    gateway.simulator.faults.add({ effect: { kind: "status", status: 503 } });

    const text = await (await get(gateway, "{ vms(first: 1) { nodes { id } } }")).text();

    expect(text).toContain("UPSTREAM_UNAVAILABLE");
    expect(text).toMatch(/\n\nevent: complete\ndata:\n\n$/);
    expect(text).not.toMatch(/^id:/m);
  });

  test("gets 400 with the error as JSON, and no stream, for an argument that cannot be used", async () => {
    const gateway = await startGateway();

    const response = await get(gateway, task("VmSnapshot:a"));

    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(codeOf((await response.json()) as Result)).toBe("BAD_USER_INPUT");
  });

  test("gets 400 for a Last-Event-ID that is too long for a cursor, before anything is executed", async () => {
    const gateway = await startGateway();

    const response = await get(gateway, task("a"), "x".repeat(4097));

    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as Result;
    expect(errors?.[0]?.message).toBe("Last-Event-ID must have at most 4096 characters, got 4097.");
  });

  test("gets the end of a stream that the gateway ends, and no event that completes it", async () => {
    const gateway = await startGateway();
    const { id: vmId } = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0] ?? {};
    const { createVmSnapshot } = await gateway.data<Created>(CREATE, { vmId: `Vm:${vmId}` });
    const response = await get(gateway, task(createVmSnapshot.task.id));
    const text = response.text();

    await gateway.app.stop();

    expect(await text).not.toContain("complete");
  });
});

test("a page of an allowed origin may send Last-Event-ID", async () => {
  const gateway = await startGateway({ env: { CORS_ORIGINS: "https://portal.example" } });
  const response = await fetch(`${gateway.url}/graphql`, {
    method: "OPTIONS",
    headers: { origin: "https://portal.example", "access-control-request-method": "GET" },
  });
  expect(response.headers.get("access-control-allow-headers")?.split(", ")).toContain("last-event-id");
});
