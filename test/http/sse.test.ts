import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { sseClient } from "../support/transports.js";

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
  expect(text).toMatch(/event: next\ndata: \{"errors":\[\{.*"code":"UNAUTHENTICATED".*\n\nevent: complete\ndata:\n\n$/);
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
  await expect.poll(async () => (await watch()).status).toBe(200);
});
