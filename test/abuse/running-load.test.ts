import { expect, test } from "vitest";
import { RunningLoad } from "../../src/http/admission/running-load.js";
import { Cancellation } from "../../src/kernel/cancellation.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { hold } from "../support/hold.js";
import { codeOf, overSse, overWebSocket, type Result } from "../support/transports.js";
import { seeded } from "./support/seeded.js";

const NEVER = new Cancellation();

test("operations run at the same time up to the limit of their share, and the others wait in order", async () => {
  const load = new RunningLoad(10_000);
  const running = [1, 2].map(() => load.enter("a", 5_000, NEVER));
  const started: number[] = [];
  const waiting = [1, 2, 3].map((n) => {
    const room = load.enter("a", 5_000, NEVER);
    void room.ready?.then(() => started.push(n));
    return room;
  });
  expect(running.map(({ ready }) => ready)).toEqual([undefined, undefined]);

  running[0]?.leave();
  running[0]?.leave();
  await waiting[0]?.ready;
  expect(started).toEqual([1]);
  waiting[0]?.leave();
  await waiting[1]?.ready;
  expect(started).toEqual([1, 2]);
  expect(load.waiting).toBe(1);
});

test("an operation above the limit runs alone", () => {
  const load = new RunningLoad(10_000);
  const large = load.enter("a", 90_000, NEVER);

  expect(large.ready).toBeUndefined();
  expect(load.enter("a", 10, NEVER).ready).toBeDefined();
  expect(load.enter("b", 10, NEVER).ready).toBeUndefined();
});

test("with 300 large operations of one client waiting, those of others run immediately", () => {
  const load = new RunningLoad(10_000);
  for (let n = 0; n < 300; n += 1) load.enter("a", 5_000, NEVER);

  expect(load.enter("b", 5_000, NEVER).ready).toBeUndefined();
  expect(load.enter("b", 50, NEVER).ready).toBeUndefined();
});

test("small operations run although large ones of many clients wait for the total", () => {
  const load = new RunningLoad(10_000);
  for (let n = 0; n < 20; n += 1) load.enter(`client ${n}`, 10_000, NEVER);
  expect(load.waiting).toBe(16);

  expect(load.enter("small", 1_000, NEVER).ready).toBeUndefined();
});

test("an operation that waits when its client leaves never runs, and gives its place to the next", async () => {
  const load = new RunningLoad(10_000);
  const running = load.enter("a", 10_000, NEVER);
  const leaving = new Cancellation();
  const first = load.enter("a", 5_000, leaving);
  const second = load.enter("a", 5_000, NEVER);
  leaving.abort(new Error("left"));

  await expect(first.ready).rejects.toMatchObject({ errors: [{ extensions: { code: "RATE_LIMITED" } }] });
  running.leave();
  await second.ready;
  first.leave();
  expect(load.waiting).toBe(0);
});

test("whatever enters, leaves and gives up, the limits hold and all that stay get to run", async () => {
  const random = seeded(11);
  const load = new RunningLoad(10_000);
  const running = new Map<string, number>();
  const count = (share: string, objects: number) => running.set(share, (running.get(share) ?? 0) + objects);
  let left = 2_000;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const share = `share ${random.below(6)}`;
      const objects = 1 + random.below(9_000);
      const signal = new Cancellation();
      const room = load.enter(share, objects, signal);
      if (random.below(5) === 0) setImmediate(() => signal.abort(new Error("left")));
      const ran = await Promise.resolve(room.ready).then(
        () => true,
        () => false,
      );
      if (ran) {
        count(share, objects);
        expect(running.get(share)).toBeLessThanOrEqual(10_000);
        if (random.below(2) === 0) await new Promise((resolve) => setImmediate(resolve));
        count(share, -objects);
      }
      room.leave();
    }
  };
  await Promise.all(Array.from({ length: 40 }, client));

  expect(load.waiting).toBe(0);
  for (const share of running.keys()) {
    const room = load.enter(share, 10_000, NEVER);
    expect(room.ready).toBeUndefined();
    room.leave();
  }
});

const LARGE =
  "{ vms(first: 1000) { nodes { name disks { key volume { name lun { name storageVolume { zbsId } } } } } } }";

test.each<[string, (gateway: TestGateway, query: string) => Promise<Result>]>([
  ["HTTP", (gateway, query) => gateway.query(query)],
  ["event streams", overSse],
  ["WebSocket", overWebSocket],
])("over %s, one client's large operations call CloudTower a few at a time", async (_, send) => {
  const gateway = await startGateway();
  const held = hold();
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hold", until: held.released } });
  // Different operations, so that no call serves two of them.
  const results = Array.from({ length: 30 }, (_, n) => send(gateway, LARGE.replace("1000", String(1000 - n))));
  await expect.poll(() => gateway.simulator.calls.count("get-vms")).toBe(5);
  for (let n = 0; n < 10; n += 1) expect((await gateway.query("{ __typename }")).errors).toBeUndefined();
  expect(gateway.simulator.calls.count("get-vms")).toBe(5);

  held.release();
  expect((await Promise.all(results)).map(codeOf)).toEqual(results.map(() => undefined));
  expect(gateway.simulator.calls.count("get-vms")).toBe(30);
});
