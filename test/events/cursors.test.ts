import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { follow, startFeed } from "./support/follow.js";

const PAGE = "query($after: EventCursor!) { taskEvents(after: $after) { nodes { id } endCursor hasNextPage } }";

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly endCursor: string;
  readonly hasNextPage: boolean;
}

test("a cursor that cannot be used is refused before a stream begins, in each form", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 } });
  const other = await startGateway({ simulator: { seed: 2 } });
  const { eventCursor: cursor } = await gateway.data<{ eventCursor: string }>("{ eventCursor }");
  const { eventCursor: foreign } = await other.data<{ eventCursor: string }>("{ eventCursor }");
  const snapshots = follow(gateway, "vmSnapshotEvents");
  await snapshots.count(1);
  const forged = Buffer.from(
    Buffer.from(cursor, "base64url")
      .toString()
      .replace(/\d{13}/, "1999999999999"),
  );
  const bad: Record<string, string> = {
    "not a cursor": "got",
    "": "got",
    [cursor.slice(0, -4)]: "got",
    [`${cursor}A`]: "got",
    [forged.toString("base64url")]: "got",
    [Buffer.from("[1]").toString("base64url")]: "got",
    [snapshots.cursor]: "other feed",
    [foreign]: "another CloudTower",
  };
  for (const [after, reason] of Object.entries(bad)) {
    const { errors } = await gateway.query(PAGE, { after });
    expect(errors?.[0], after).toMatchObject({ extensions: { code: "BAD_USER_INPUT" } });
    expect(errors?.[0]?.message).toContain(reason);
    const stream = follow(gateway, "taskEvents", { after });
    await stream.done;
    expect(stream.codes, after).toEqual(["BAD_USER_INPUT"]);
    expect(stream.events).toEqual([]);
  }
  const future = await gateway.query('{ eventCursor(at: "2099-01-01T00:00:00Z") }');
  expect(future.errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
});

test("a cursor from before the oldest task is refused by name, unless the whole list of tasks fits a page", async () => {
  const rows = (count: string) => ({ env: { UPSTREAM_ROWS_PER_CALL: count }, simulator: { taskSeconds: 0 } });
  const at = '{ eventCursor(at: "2000-01-01T00:00:00Z") }';
  const young = await startFeed(rows("10000"));
  const { eventCursor } = await young.data<{ eventCursor: string }>(at);
  expect((await young.data<{ taskEvents: Page }>(PAGE, { after: eventCursor })).taskEvents.nodes).not.toHaveLength(0);

  const old = await startFeed(rows("5"));
  const after = (await old.data<{ eventCursor: string }>(at)).eventCursor;
  const times = old.simulator.control.rows("Task").map((row) => String(row.finished_at ?? "~"));
  const oldest = times.sort()[0];
  const { errors } = await old.query(PAGE, { after });
  expect(errors?.[0]?.extensions).toMatchObject({ code: "CURSOR_EXPIRED", oldest });
  const stream = follow(old, "taskEvents", { after });
  await stream.done;
  expect(stream.received[0]?.errors?.[0]?.extensions).toMatchObject({ code: "CURSOR_EXPIRED", oldest });
});

test("pages of any size have each event once, and end; the next query begins after them", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 }, env: { UPSTREAM_ROWS_PER_CALL: "3" } });
  const { control } = gateway.simulator;
  const { eventCursor: start } = await gateway.data<{ eventCursor: string }>("{ eventCursor }");
  // Many tasks that end at the same time, more than fit a page of CloudTower.
  const ids = Array.from({ length: 20 }, (_, index) => {
    const finished_at = index < 15 ? "2026-11-01T00:00:00.000Z" : "2026-11-01T00:00:00.001Z";
    return control.insert("Task", { status: "SUCCESSED", finished_at, args: {}, local_created_at: finished_at });
  });
  for (const first of [1, 4, 7, 100]) {
    let after = start;
    const got: string[] = [];
    for (let page: Page | undefined; page?.hasNextPage !== false; ) {
      const query = PAGE.replace("after: $after", `after: $after, first: ${first}`);
      page = (await gateway.data<{ taskEvents: Page }>(query, { after })).taskEvents;
      got.push(...page.nodes.map(({ id }) => id));
      after = page.endCursor;
    }
    expect(got.sort()).toEqual(ids.map((id) => `Task:${id}:ENDED`).sort());
    expect((await gateway.data<{ taskEvents: Page }>(PAGE, { after })).taskEvents.nodes).toEqual([]);
  }
});

test("what became visible late behind a cursor comes with the next query, and nothing else comes again without need", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 } });
  const { control } = gateway.simulator;
  const end = (finished_at: string) =>
    control.insert("Task", { status: "SUCCESSED", finished_at, args: {}, local_created_at: finished_at });
  const first = end("2026-11-01T00:10:00.000Z");
  const { eventCursor: after } = await gateway.data<{ eventCursor: string }>("{ eventCursor }");
  const nodes = async () => {
    const { taskEvents } = await gateway.data<{ taskEvents: Page }>(PAGE, { after });
    return taskEvents.nodes.map(({ id }) => id.split(":")[1]);
  };
  expect(await nodes()).toEqual([]);
  const late = end("2026-11-01T00:00:00.000Z");
  expect(await nodes()).toEqual([late, first]);
  const tooLate = end("2026-10-31T23:54:59.000Z");
  expect(await nodes()).not.toContain(tooLate);
});
