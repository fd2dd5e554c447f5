import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const SOCKETS = 8;

/** The gateway under test as its clients see it, and direct access to its simulator to check the actual state. */
export class Gateway {
  static async open({ gateway, simulator, pid, collectGarbage }) {
    return new Gateway(gateway, simulator, await newToken(simulator), pid, collectGarbage);
  }

  constructor(url, simulator, token, pid, collectGarbage) {
    this.pid = pid;
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

  /** A new token: to the gateway, another client. */
  login() {
    return newToken(this.simulator);
  }

  /** Body of the response to an operation. */
  async request(query, variables) {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: this.token },
      body: JSON.stringify({ query, variables }),
    });
    return response.text();
  }

  /** Events of a subscription, over one of the sockets. */
  watch(n, query, variables) {
    return this.sockets[n % SOCKETS].iterate({ query, variables });
  }

  /** Activates a fault of the simulator. */
  addFault(fault) {
    return fetch(`${this.simulator}/simulator/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fault),
    });
  }

  /** Deactivates all faults of the simulator. */
  clearFaults() {
    return fetch(`${this.simulator}/simulator/faults`, { method: "DELETE" });
  }

  /** Rows of the simulator. */
  rows(endpoint, body) {
    return post(`${this.simulator}/v2/api/${endpoint}`, body, { authorization: this.token });
  }

  /** What the simulator's control API says at a path. */
  async simulated(path) {
    return (await fetch(`${this.simulator}/simulator/${path}`)).json();
  }

  /** Changes the simulator by its control API. */
  change(path, body) {
    return post(`${this.simulator}/simulator/${path}`, body);
  }

  /** The lineage of the data in a ZBS volume of a LUN snapshot, which only the simulator knows; null if there is none. */
  async lineage(zbsId) {
    return (await this.simulated(`lineage/${zbsId}`)).lineage;
  }

  /** Maximum memory of the gateway so far, in MiB; NaN where the system does not tell. */
  peakMemory() {
    const status = existsSync(`/proc/${this.pid}/status`) ? readFileSync(`/proc/${this.pid}/status`, "utf8") : "";
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  /** Memory of the gateway after a garbage collection, in MiB. */
  async memory() {
    this.collectGarbage();
    await sleep(1_000);
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const mib = (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN) / 1024 / 1024;
    return { residentMiB: mib("process_resident_memory_bytes"), heapMiB: mib("nodejs_heap_size_used_bytes") };
  }

  /** Makes CloudTower unreachable until the gateway fails fast, and measures how long the gateway takes to recover. */
  async recover(tally) {
    await this.addFault({ effect: { kind: "reset" } });
    const failing = Array.from({ length: 50 }, (_, n) => this.request(`{ vms(first: ${n + 1}) { nodes { id } } }`));
    await Promise.all(failing);
    await this.clearFaults();
    const began = performance.now();
    for (;;) {
      const { errors } = JSON.parse(await this.request("{ vms(first: 1) { nodes { id } } }"));
      tally.recoverySeconds = (performance.now() - began) / 1000;
      if (errors === undefined || tally.recoverySeconds > 30) return;
      await sleep(100);
    }
  }

  /** Compares the snapshots that the writers requested with those in CloudTower. */
  async countWrites(tally) {
    const names = [...tally.snapshots.keys()];
    const rows = await this.rows("get-vm-snapshots", { where: { name_in: names }, first: 100_000 });
    const found = Map.groupBy?.(rows, (row) => row.name) ?? groupByName(rows);
    for (const [name, { created }] of tally.snapshots) {
      const count = found.get(name)?.length ?? 0;
      if (count > 1) tally.writesDuplicated += 1;
      if (created && count === 0) tally.writesLost += 1;
    }
  }

  async close() {
    await Promise.all(this.sockets.map((socket) => socket.dispose()));
  }
}

async function newToken(simulator) {
  const login = { username: "admin", password: "admin-pass", source: "LOCAL" };
  const { data } = await post(`${simulator}/v2/api/login`, login);
  return data.token;
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
  if (!response.ok) throw new Error(`${url} responded with HTTP ${response.status}.`);
  return response.json();
}
