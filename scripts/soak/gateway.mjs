import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const SOCKETS = 8;

/** The gateway under test, as its clients see it, and the simulator behind it, asked directly for what is really there. */
export class Gateway {
  static async open({ gateway, simulator, collectGarbage }) {
    const login = { username: "admin", password: "admin-pass", source: "LOCAL" };
    const { data } = await post(`${simulator}/v2/api/login`, login);
    return new Gateway(gateway, simulator, data.token, collectGarbage);
  }

  constructor(url, simulator, token, collectGarbage) {
    this.url = url;
    this.simulator = simulator;
    this.token = token;
    this.collectGarbage = collectGarbage;
    this.sockets = Array.from({ length: SOCKETS }, () =>
      createClient({
        url: `${url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { Authorization: token },
        lazy: false,
        retryAttempts: 0,
      }),
    );
  }

  /** The answer of an operation as text, whatever it is. */
  async ask(query, variables) {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: this.token },
      body: JSON.stringify({ query, variables }),
    });
    return response.text();
  }

  /** The events of a subscription, over one of the sockets. */
  watch(n, query, variables) {
    return this.sockets[n % SOCKETS].iterate({ query, variables });
  }

  /** Switches a fault of the simulator on, or all off. */
  switch(method, fault) {
    return fetch(`${this.simulator}/simulator/faults`, {
      method,
      headers: { "content-type": "application/json" },
      body: fault && JSON.stringify(fault),
    });
  }

  /** Rows of the simulator. */
  rows(operation, body) {
    return post(`${this.simulator}/v2/api/${operation}`, body, { authorization: this.token });
  }

  async memory() {
    this.collectGarbage();
    await sleep(1_000);
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const mib = (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN) / 1024 / 1024;
    return { residentMiB: mib("process_resident_memory_bytes"), heapMiB: mib("nodejs_heap_size_used_bytes") };
  }

  /** Lets CloudTower be gone until the gateway fails fast, and counts how long it takes to come back. */
  async recover(tally) {
    await this.switch("POST", { effect: { kind: "reset" } });
    const failing = Array.from({ length: 50 }, (_, n) => this.ask(`{ vms(first: ${n + 1}) { nodes { id } } }`));
    await Promise.all(failing);
    await this.switch("DELETE");
    const began = performance.now();
    for (;;) {
      const { errors } = JSON.parse(await this.ask("{ vms(first: 1) { nodes { id } } }"));
      tally.recoverySeconds = (performance.now() - began) / 1000;
      if (errors === undefined || tally.recoverySeconds > 30) return;
      await sleep(100);
    }
  }

  /** Compares what the writers asked for with what CloudTower has. */
  async countWrites(tally) {
    const names = [...tally.snapshots.keys()];
    const rows = await this.rows("get-vm-snapshots", { where: { name_in: names }, first: 100_000 });
    const found = Map.groupBy?.(rows, (row) => row.name) ?? groupByName(rows);
    for (const [name, { made }] of tally.snapshots) {
      const there = found.get(name)?.length ?? 0;
      if (there > 1) tally.writesDoubled += 1;
      if (made && there === 0) tally.writesLost += 1;
    }
  }

  async close() {
    await Promise.all(this.sockets.map((socket) => socket.dispose()));
  }
}

function groupByName(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.name, [...(groups.get(row.name) ?? []), row]);
  return groups;
}

async function post(url, body, headers = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
