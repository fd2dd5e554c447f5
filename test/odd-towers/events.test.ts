import { createClient } from "graphql-ws";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { type Collected, collect } from "../snapshots/support/stream.js";
import { type OddGateway, type OddTower, type Row, startOver, startTower } from "./support/odd-tower.js";

type Told = {
  kind: string;
  id: string;
  taskId?: string;
  snapshotId?: string;
  at: string | null;
  errors?: { code: string }[];
};
type Feed = "taskEvents" | "vmSnapshotEvents";

function follow(
  gateway: OddGateway,
  feed: Feed,
  after?: string,
): Collected<Record<string, Told>> & { told(): string[] } {
  const url = `ws://127.0.0.1:${gateway.app.port}/graphql`;
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: "token" },
    retryAttempts: 0,
  });
  onTestFinished(() => void client.dispose());
  const fields = feed === "taskEvents" ? "taskId task { status progress steps { key } }" : "snapshotId errors { code }";
  const query = `subscription($after: EventCursor) { ${feed}(after: $after) { kind id at ${fields} } }`;
  const stream = collect<Record<string, Told>>(client, query, { after });
  const told = () =>
    stream.received.flatMap(({ data, errors }) => {
      const event = data?.[feed];
      if (errors !== undefined) return [JSON.stringify(errors)];
      return event && event.kind !== "BOOKMARK" ? [`${event.kind} ${event.taskId ?? event.snapshotId}`] : [];
    });
  return Object.assign(stream, { told });
}

function push(tower: OddTower, entity: string, row: object): void {
  tower.rows[entity]?.push(row as Row);
}

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, seconds)).toISOString();

test("odd rows concern themselves alone, and no odd time moves the feed", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  tower.addTask({ finished_at: at(0), local_created_at: at(0) });
  const feed = follow(gateway, "taskEvents");
  await feed.count(1);
  const ids: string[] = [];
  const end = (fields: object) => ids.push(tower.addTask({ local_created_at: at(60), ...fields }));
  push(tower, "tasks", null as never);
  push(tower, "tasks", { id: "steps", status: "EXECUTING", steps: [null, 3, { key: "a" }], progress: "x", args: "{" });
  push(tower, "tasks", { id: "bare", status: "EXECUTING" });
  end({ finished_at: "9999-12-31T23:59:59.999Z" });
  end({ finished_at: null });
  end({ finished_at: "" });
  end({ finished_at: "soon" });
  end({ finished_at: at(61), status: "CANCELLED", steps: "none", error_message: 7 });
  end({ finished_at: at(62) });
  await expect
    .poll(() =>
      feed
        .told()
        .filter((text) => text.startsWith("ENDED"))
        .sort(),
    )
    .toEqual(ids.map((id) => `ENDED ${id}`).sort());
  expect(feed.told()).toEqual(expect.arrayContaining(["STARTED steps", "STARTED bare"]));
  // Its end has no time, so that no list shows it as ended.
  const bare = tower.rows.tasks?.find((row) => row?.id === "bare");
  Object.assign(bare ?? {}, { status: "SUCCESSED" });
  const last = tower.addTask({ finished_at: at(63), local_created_at: at(63) });
  await expect.poll(() => feed.told()).toEqual(expect.arrayContaining(["ENDED bare", `ENDED ${last}`]));
  expect(new Set(feed.told()).size).toBe(feed.told().length);

  const cursor = String(feed.received.at(-1)?.extensions?.cursor);
  const missed = tower.addTask({ finished_at: at(64), local_created_at: at(64) });
  const resumed = follow(gateway, "taskEvents", cursor);
  await expect.poll(() => resumed.told()).toContain(`ENDED ${missed}`);
});

test("snapshots of another clock, without a time or a task, and deletions that only arguments name are told", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { READY_TIMEOUT_SECONDS: "2" });
  const vm = tower.addVm("vm");
  const complete = {
    ...{
      vcpu: 1,
      cpu: { cores: 1, sockets: 1 },
      cpu_model: "",
      memory: 1,
      firmware: "BIOS",
      ha: false,
      clock_offset: "UTC",
    },
    ...{ win_opt: false },
  };
  const early = tower.addSnapshot(vm, "early", complete);
  const feed = follow(gateway, "vmSnapshotEvents");
  await feed.count(1);
  const behind = tower.addSnapshot(vm, "behind", {
    ...complete,
    local_created_at: new Date(Date.now() - 20_000).toISOString(),
  });
  const undated = tower.addSnapshot(vm, "undated", { ...complete, local_created_at: null });
  const stuck = tower.addSnapshot(vm, "stuck", { ...complete, cpu_model: null });
  await expect
    .poll(() => feed.told().sort())
    .toEqual(
      [behind, undated, stuck]
        .map((id) => `CREATED ${id}`)
        .concat(`READY ${behind}`, `READY ${undated}`, `FAILED ${stuck}`)
        .sort(),
    );
  const failed = feed.received.find(({ data }) => data?.vmSnapshotEvents?.kind === "FAILED");
  expect(failed?.data?.vmSnapshotEvents?.errors).toMatchObject([{ code: "SNAPSHOT_NOT_READY" }]);

  const gone = [early, behind];
  tower.rows["vm-snapshots"] = tower.rows["vm-snapshots"]?.filter(({ id }) => !gone.includes(id)) ?? [];
  const args = { where: { id_in: gone } };
  tower.addTask({
    ...{ resource_type: "VM", resource_id: vm, resource_mutation: "delete-vm-snapshot", args: JSON.stringify(args) },
    finished_at: new Date().toISOString(),
  });
  await expect.poll(() => feed.told().slice(6).sort()).toEqual(gone.map((id) => `DELETED ${id}`).sort());
});

test("a CloudTower that fails for a while loses nothing, and a refused credential ends the stream with its code", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { UPSTREAM_READ_ATTEMPTS: "1" });
  const feed = follow(gateway, "taskEvents");
  await feed.count(1);
  let status: number | undefined = 503;
  tower.intercept = (endpoint) => (endpoint === "get-tasks" && status ? { status, body: "<html>" } : undefined);
  const missed = tower.addTask({ finished_at: at(0), local_created_at: at(0) });
  const before = tower.count("get-tasks");
  await expect.poll(() => tower.count("get-tasks")).toBeGreaterThan(before + 2);
  status = undefined;
  await expect.poll(() => feed.told()).toEqual([`ENDED ${missed}`]);
  status = 401;
  await feed.done;
  expect(feed.received.at(-1)?.errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
});
