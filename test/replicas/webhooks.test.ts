import { afterAll, describe, expect, test } from "vitest";
import { hasRedis } from "../support/redis.js";
import { TASKS_ENDED } from "../webhooks/support/hooked-gateway.js";
import { hooksFolder, newSecret } from "../webhooks/support/hooks.js";
import { type Receiver, startReceiver } from "../webhooks/support/receiver.js";
import { type Replica, type Replicas, startReplicas } from "./support/replicas.js";

const KEYS = { API_KEYS: "admin-key" };

interface Webhook {
  readonly cursor: string | null;
  readonly problem: string | null;
  readonly deliveries: readonly { readonly eventId: string }[];
}

describe.skipIf(!hasRedis)("replicas deliver webhooks", () => {
  let replicas: Replicas;
  let receiver: Receiver;
  let snapshots = 0;

  afterAll(() => replicas?.stop());

  async function start(): Promise<void> {
    receiver = await startReceiver();
    const folder = hooksFolder();
    folder.write("secret", newSecret());
    folder.define([{ name: "ended", url: receiver.url, subscription: TASKS_ENDED }]);
    replicas = await startReplicas(3, {
      ...{ AUTH_MODE: "service", CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass", ...KEYS },
      ...{ WEBHOOKS_FILE: folder.path, TASK_POLL_SLOW_MS: "40" },
    });
    await expect.poll(async () => (await webhookOf(replicas.next())).cursor).not.toBeNull();
  }

  async function ask(replica: Replica, query: string): Promise<unknown> {
    const response = await replica.query(query, { authorization: "admin-key" });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  }

  async function webhookOf(replica: Replica): Promise<Webhook> {
    const data = await ask(replica, "{ webhooks { cursor problem deliveries(first: 500) { eventId } } }");
    return (data as { webhooks: [Webhook] }).webhooks[0];
  }

  /** Has CloudTower end some tasks, made by somebody else. */
  async function endTasks(count: number): Promise<void> {
    for (let task = 0; task < count; task += 1) {
      snapshots += 1;
      const [vm] = replicas.simulator.control.rows("Vm", { in_recycle_bin: false });
      const data = [{ vm_id: vm?.id, name: `snapshot-${snapshots}` }];
      const headers = { "content-type": "application/json", authorization: replicas.simulator.users[0]?.token ?? "" };
      const url = `${replicas.simulator.url}/create-vm-snapshot`;
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ data }) });
      expect(response.status).toBe(200);
    }
  }

  const ended = () =>
    replicas.simulator.control
      .rows("Task", { status: "SUCCESSED" })
      .map(({ id }) => `Task:${id}:ENDED`)
      .slice(-snapshots);

  /** Resolves when each event of the tasks has arrived. */
  async function untilDelivered(): Promise<void> {
    await expect.poll(() => ended().filter((id) => !receiver.ids().includes(id)), { timeout: 20_000 }).toEqual([]);
  }

  const repeated = () => receiver.ids().length - new Set(receiver.ids()).size;

  test("each event is delivered once, by one of them, and again only after the one that delivers has died", async () => {
    await start();
    await endTasks(5);
    await untilDelivered();
    expect(repeated()).toBe(0);
    for (const replica of replicas.all) {
      await expect.poll(async () => (await webhookOf(replica)).deliveries.length).toBe(5);
      expect((await webhookOf(replica)).problem).toBeNull();
    }

    // Whichever delivers dies.
    for (const replica of [...replicas.all]) {
      const during = endTasks(3);
      await replica.kill();
      await during;
      await replicas.replace(replica);
    }
    await endTasks(2);
    await untilDelivered();
    expect(repeated()).toBeLessThanOrEqual(3);

    // Any of them can be asked to change it.
    const before = receiver.ids().length;
    const { deliveries } = await webhookOf(replicas.next());
    for (const replica of replicas.all) await ask(replica, 'mutation { enableWebhook(name: "ended") { enabled } }');
    const { eventCursor } = (await ask(replicas.next(), "{ eventCursor }")) as { eventCursor: string };
    await ask(replicas.next(), `mutation { replayWebhook(name: "ended", after: "${eventCursor}") { name } }`);
    await endTasks(2);
    await untilDelivered();
    expect(receiver.ids().length - before).toBe(2);
    expect((await webhookOf(replicas.next())).deliveries.length).toBe(deliveries.length + 2);

    // A Redis that comes back empty: the one that delivered knows how far it was.
    await replicas.redis.kill();
    await replicas.redis.start();
    await endTasks(3);
    await untilDelivered();
  }, 60_000);
});
