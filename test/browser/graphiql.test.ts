import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Gateway, startDemoGateway, startForwardingGateway } from "./gateway.js";
import { chromiumPath, GraphiqlPage, launchChromium } from "./graphiql-page.js";

// A test takes several round trips of an editor that debounces.
const TIMEOUT_MS = 60_000;

// Longer than a task of the simulator.
const TASK_MS = 60_000;

let browser: Browser | undefined;

beforeAll(async () => {
  if (chromiumPath) browser = await launchChromium();
});

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

afterAll(() => browser?.close());

beforeEach((context) => {
  if (!chromiumPath) context.skip("no Chromium: install Debian's package chromium, or set CHROMIUM_PATH");
});

describe("with the embedded simulator, without a login", () => {
  test("the six examples run one after the other", { timeout: TIMEOUT_MS }, async () => {
    await using gateway = await startDemoGateway();
    const graphiql = await open(gateway.origin);

    await graphiql.execute();
    await graphiql.seeInResponse(/"zbsId":\s"\S+"/);

    await graphiql.openTab("TakeASnapshot");
    await graphiql.seeInVariables(/"vmId":\s"Vm:\S+"/);
    await graphiql.execute();
    await graphiql.seeInResponse(/"created":\strue/);

    await graphiql.openTab("WatchTheTask");
    await graphiql.seeInVariables(/"taskId":\s"Task:\S+"/);
    await graphiql.execute();
    await graphiql.seeInResponse(/"status":\s"EXECUTING"/);
    gateway.simulator.advance(TASK_MS);
    await graphiql.seeInResponse(/"status":\s"SUCCEEDED"/);

    await graphiql.openTab("SnapshotToZbsVolumes");
    await graphiql.seeInVariables(/"snapshotId":\s"VmSnapshot:\S+"/);
    await graphiql.execute();
    await graphiql.seeInResponse(/"lunSnapshot":.*"zbsId":\s"\S+"/);

    await graphiql.openTab("FollowTheSnapshots");
    await graphiql.execute();
    await graphiql.seeInResponse(/"kind":\s"BOOKMARK"/);
    gateway.simulator.control.setActivity({ perMinute: 600, failing: 0 });
    gateway.simulator.advance(TASK_MS);
    await graphiql.seeInResponse(/"kind":\s"(READY|DELETED)"/);

    await graphiql.openTab("WhatIsNotProtected");
    await graphiql.execute();
    await graphiql.seeInResponse(/"unprotected":\s[1-9]/);

    // One for each subscription.
    const [watching, following, ...others] = graphiql.sockets;
    expect(others).toEqual([]);
    const url = `${gateway.origin.replace("http", "ws")}/graphql`;
    expect([watching?.url, following?.url]).toEqual([url, url]);
    expect(statusesOf(watching)).toEqual(expect.arrayContaining(["EXECUTING", "SUCCEEDED"]));
    expect(graphiql.problems).toEqual([]);
    expect(graphiql.foreignRequests).toEqual([]);
  });

  test("fills in the newest ids, and keeps what the user typed", { timeout: TIMEOUT_MS }, async () => {
    await using gateway = await startDemoGateway();
    const graphiql = await open(gateway.origin);
    await graphiql.execute();
    await graphiql.seeInResponse(/"zbsId":/);
    await graphiql.openTab("TakeASnapshot");
    const vmId = await graphiql.seeInVariables(/"vmId":\s"(Vm:\S+)"/);
    await graphiql.execute();
    await graphiql.seeInResponse(/"created":\strue/);
    await graphiql.openTab("WatchTheTask");
    const first = await graphiql.seeInVariables(/"taskId":\s"(Task:\S+)"/);
    gateway.simulator.advance(TASK_MS);

    await graphiql.openTab("TakeASnapshot");
    await graphiql.typeVariables({ vmId, name: "another" });
    await graphiql.execute();
    await graphiql.seeInResponse(/"name":\s"another"/);
    await graphiql.openTab("WatchTheTask");
    expect(await graphiql.seeInVariables(/"taskId":\s"(Task:\S+)"/)).not.toBe(first);

    await graphiql.typeVariables({ taskId: "Task:typed" });
    await graphiql.openTab("TakeASnapshot");
    await graphiql.openTab("WatchTheTask");
    await graphiql.seeInVariables(/"Task:typed"/);
  });

  test("has the explorer", { timeout: TIMEOUT_MS }, async () => {
    await using gateway = await startDemoGateway();
    const graphiql = await open(gateway.origin);
    await graphiql.page.getByRole("button", { name: "Show GraphiQL Explorer" }).click();
    await graphiql.page.locator(".docExplorerWrap").getByText("memoryBytes").waitFor();
    expect(graphiql.problems).toEqual([]);
  });
});

describe("with each client's own credential", () => {
  test("sends the Authorization header over HTTP and WebSocket", { timeout: TIMEOUT_MS }, async () => {
    await using gateway = await startForwardingGateway();
    const administrator = tokenOf(gateway, "admin");
    const viewer = tokenOf(gateway, "viewer");
    const graphiql = await open(gateway.origin);
    // The dialog is open: without a token nothing can be read.
    await graphiql.page.getByRole("button", { name: "Close", exact: true }).click();
    await graphiql.execute();
    await graphiql.seeInResponse(/"code":\s"UNAUTHENTICATED"/);
    await graphiql.seeAdvice(/Queries need a CloudTower token/);
    await graphiql.page.getByRole("button", { name: "Enter it" }).click();
    await graphiql.signIn(viewer);
    await graphiql.execute();
    await graphiql.seeInResponse(/"zbsId":\s"\S+"/);

    await graphiql.openTab("TakeASnapshot");
    await graphiql.execute();
    await graphiql.seeInResponse(/"PermissionDeniedError"/);
    await graphiql.seeAdvice(/may not do that/);
    await graphiql.signIn(administrator);
    await graphiql.execute();
    await graphiql.seeInResponse(/"created":\strue/);
    gateway.simulator.advance(TASK_MS);

    await graphiql.openTab("WatchTheTask");
    await graphiql.execute();
    await graphiql.seeInResponse(/"status":\s"SUCCEEDED"/);
    // Of the tab alone, and before that of the page.
    await graphiql.typeHeaders({ authorization: `Bearer ${viewer}` });
    await graphiql.execute();
    await graphiql.seeInResponse(/"status":\s"SUCCEEDED"/);
    expect(graphiql.sockets.map(({ sent }) => sent[0])).toEqual([
      { type: "connection_init", payload: { Authorization: administrator } },
      { type: "connection_init", payload: { authorization: `Bearer ${viewer}` } },
    ]);
  });

  test("keeps tabs and history, but a token or a header for the session only", { timeout: TIMEOUT_MS }, async () => {
    await using gateway = await startForwardingGateway();
    const token = tokenOf(gateway, "viewer");
    const first = await open(gateway.origin);
    await first.signIn(token);
    await first.typeHeaders({ Authorization: token });
    await first.execute();
    await first.seeInResponse(/"zbsId":\s"\S+"/);
    await first.openTab("TakeASnapshot");
    await first.typeVariables({ vmId: "Vm:kept", name: "kept" });
    await first.reload();
    await first.openTab("TheWholeGraph");
    await first.execute();
    await first.seeInResponse(/"zbsId":\s"\S+"/);
    expect(await first.page.evaluate("JSON.stringify(sessionStorage)")).toContain(token);
    expect(await first.page.evaluate("JSON.stringify(localStorage)")).not.toContain(token);
    const context = first.page.context();
    await first.page.close();

    const second = await GraphiqlPage.openIn(context, gateway.origin);
    await second.page.getByRole("button", { name: "Close", exact: true }).click();
    await second.openTab("TakeASnapshot");
    await second.seeInVariables(/"Vm:kept"/);
    await second.openView("History");
    await second.page.locator(".graphiql-history-item-label").filter({ hasText: "TheWholeGraph" }).first().waitFor();
    await second.execute();
    await second.seeInResponse(/"code":\s"UNAUTHENTICATED"/);
  });
});

function tokenOf({ simulator }: Gateway, username: string): string {
  const user = simulator.users.find((candidate) => candidate.username === username);
  if (!user) throw new Error(`the simulator has no user ${username}`);
  return user.token;
}

async function open(origin: string): Promise<GraphiqlPage> {
  if (!browser) throw new Error("Chromium was not started");
  return GraphiqlPage.open(browser, origin);
}

/** Statuses of a task received over a socket, in order. */
function statusesOf(socket: GraphiqlPage["sockets"][number] | undefined): unknown[] {
  return (socket?.received ?? [])
    .filter((frame) => frame.type === "next")
    .map((frame) => (frame.payload as { data?: { taskProgress?: { status: string } } }).data?.taskProgress?.status);
}
