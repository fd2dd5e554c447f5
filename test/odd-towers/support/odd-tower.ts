import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Logger, pino } from "pino";
import { onTestFinished } from "vitest";
import { startApp } from "../../../src/app.js";
import { loadConfig } from "../../../src/config.js";

type Json = Record<string, unknown>;
/** A row of CloudTower. */
export type Row = Json & { id: string };
/** A response: a status with a body (HTML if it begins with `<`, else JSON), perhaps cut off after some bytes; or a reset connection. */
export type Answer = { readonly status?: number; readonly body: unknown; readonly cutAfter?: number } | "reset";

/**
 * A small CloudTower that follows the contract and has none of the simulator's habits: each test says how it behaves.
 *
 * By default writes are done immediately, tasks have no arguments and end immediately, and responses name ids only.
 */
export class OddTower {
  readonly rows: Record<string, Row[]> = {
    ...{ "consistency-groups": [], "consistency-group-snapshots": [], "iscsi-luns": [], "iscsi-lun-snapshots": [] },
    ...{ vms: [], "vm-snapshots": [], tasks: [], "vm-disks": [], "vm-volumes": [], "vm-volume-snapshots": [] },
  };
  /** All calls, in order. */
  readonly calls: { readonly endpoint: string; readonly body: Json; readonly token: string }[] = [];
  /** Responds instead of the tower, or does something before it does. */
  intercept: (endpoint: string, body: Json, token: string) => Promise<Answer | undefined> | Answer | undefined = () =>
    undefined;
  /** Whether a list shows a row. */
  shows: (entity: string, row: Row) => boolean = () => true;
  /** What the task of a write has in addition. */
  taskFields: (endpoint: string, item: Json, resourceId: string) => Json = () => ({});
  /** What a new snapshot has in addition. */
  snapshotFields: Json = {};
  private ids = 0;

  /** Number of calls of an endpoint. */
  count(endpoint: string): number {
    return this.calls.filter((call) => call.endpoint === endpoint).length;
  }

  newId(): string {
    this.ids += 1;
    return `cl${String(this.ids).padStart(23, "0")}`;
  }

  addVm(name: string, fields: Json = {}): string {
    const id = this.newId();
    const none = { entityAsyncStatus: null, in_recycle_bin: false, vm_tools_status: "RUNNING" };
    this.rows.vms?.push({ id, name, cluster: { id: "cluster-1", name: "c" }, ...none, ...fields });
    return id;
  }

  addSnapshot(vmId: string, name: string, fields: Json = {}): string {
    const id = this.newId();
    const whole = { consistent_type: "CRASH_CONSISTENT", entityAsyncStatus: null, vm_disks: [], vm_nics: [], size: 0 };
    const local = { local_id: `local-${id}`, local_created_at: new Date().toISOString(), cluster: { id: "cluster-1" } };
    this.rows["vm-snapshots"]?.push({
      id,
      name,
      vm: { id: vmId },
      ...local,
      ...whole,
      ...this.snapshotFields,
      ...fields,
    });
    return id;
  }

  /** Adds a consistency group with one LUN, which its row does not name. */
  addGroup(name: string, fields: Json = {}): string {
    const id = this.newId();
    const none = { entityAsyncStatus: null, iscsi_luns: null, namespaces: [] };
    this.rows["consistency-groups"]?.push({ id, name, cluster: { id: "cluster-1", name: "c" }, ...none, ...fields });
    const lun = { id: this.newId(), name: "lun", consistency_group: { id, name }, entityAsyncStatus: null };
    this.rows["iscsi-luns"]?.push(lun);
    return id;
  }

  addGroupSnapshot(groupId: string, name: string, fields: Json = {}): string {
    const id = this.newId();
    const local = { local_id: `local-${id}`, local_created_at: new Date().toISOString(), entityAsyncStatus: null };
    this.rows["consistency-group-snapshots"]?.push({
      id,
      name,
      consistency_group: { id: groupId },
      ...local,
      ...fields,
    });
    return id;
  }

  /** Adds a data disk with a volume to a VM. @returns the volume's id. */
  addDisk(vmId: string, key: number): string {
    const id = this.newId();
    const cluster = { id: "cluster-1" };
    this.rows["vm-volumes"]?.push({ id, name: `v${id}`, local_id: `local-${id}`, cluster, entityAsyncStatus: null });
    this.attach(vmId, { vm_volume_id: id, bus: "SCSI", boot: key, key });
    return id;
  }

  /** What a snapshot freezes of the VM's disks, with a volume snapshot of each. */
  freeze(vmId: string): Json[] {
    const disks = this.rows["vm-disks"]?.filter((disk) => (disk.vm as Row).id === vmId) ?? [];
    return disks.map(({ bus, key, boot, vm_volume }, index) => {
      const local_id = `frozen-${this.newId()}`;
      const cluster = { id: "cluster-1" };
      this.rows["vm-volume-snapshots"]?.push({ id: this.newId(), local_id, cluster, entityAsyncStatus: null });
      const vm_volume_local_id = `local-${(vm_volume as Row).id}`;
      return { type: "DISK", index, bus, key, boot, vm_volume_local_id, vm_volume_snapshot_uuid: local_id };
    });
  }

  private attach(vmId: string, { vm_volume_id, bus, boot, key = 99 }: Json): void {
    const disk = { id: this.newId(), type: "DISK", vm: { id: vmId }, vm_volume: { id: vm_volume_id } };
    this.rows["vm-disks"]?.push({ ...disk, bus, boot, key });
  }

  addTask(fields: Json): string {
    const id = this.newId();
    const ended = { status: "SUCCESSED", progress: 1, steps: [], args: {}, description: "", internal: false };
    this.rows.tasks?.push({ id, local_created_at: new Date().toISOString(), ...ended, ...fields });
    return id;
  }

  /** Does a write as a tidy CloudTower does. */
  write(endpoint: string, body: Json, user?: Json): { task_id: string | null; data: { id: string } }[] {
    const items = (Array.isArray(body) ? body : (body.data ?? [])) as Json[];
    const mutation = endpoint.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const done = (resourceId: string, item: Json) => {
      const fields = this.taskFields(endpoint, item, resourceId);
      const task_id = this.addTask({ resource_id: resourceId, resource_mutation: mutation, user, ...fields });
      return { task_id, data: { id: resourceId } };
    };
    const targets = () => ((body.where as { id_in?: string[] }).id_in ?? []) as string[];
    const remove = (entity: string) => {
      const gone = new Set(targets());
      this.rows[entity] = this.rows[entity]?.filter(({ id }) => !gone.has(id)) ?? [];
      return [...gone].map((id) => done(id, {}));
    };
    switch (endpoint) {
      case "create-vm-snapshot":
        return items.map((item) => {
          const { vm_id, name, consistent_type } = item as Record<string, string>;
          return done(this.addSnapshot(vm_id ?? "", name ?? "", { consistent_type }), item);
        });
      case "create-consistency-snapshot-group":
        return items.map((item) =>
          done(this.addGroupSnapshot(String(item.consistency_group_id), String(item.name)), item),
        );
      case "delete-consistency-snapshot-group":
        return remove("consistency-group-snapshots");
      case "rollback-consistency-snapshot-group":
        return targets().map((id) => done(id, {}));
      case "delete-vm-snapshot":
        return remove("vm-snapshots");
      case "rebuild-vm-volume":
        return items.map((item) => {
          const id = this.newId();
          const made = { local_id: `local-${id}`, cluster: { id: "cluster-1" }, entityAsyncStatus: null };
          this.rows["vm-volumes"]?.push({ id, name: item.name, description: item.description, ...made });
          return done(id, item);
        });
      case "add-vm-disk":
        return targets().map((id) => {
          const mounts = (body.data as { vm_disks: { mount_disks: Json[] } }).vm_disks.mount_disks;
          for (const mount of mounts) this.attach(id, mount);
          return done(id, body.data as Json);
        });
      case "remove-vm-disk":
        return targets().map((id) => {
          const gone = (body.data as { disk_ids: string[] }).disk_ids;
          this.rows["vm-disks"] = this.rows["vm-disks"]?.filter((disk) => !gone.includes(disk.id)) ?? [];
          return done(id, body.data as Json);
        });
      case "start-vm":
      case "poweroff-vm":
        return targets().map((id) => {
          const vm = this.rows.vms?.find((row) => row.id === id);
          if (vm !== undefined) vm.status = endpoint === "start-vm" ? "RUNNING" : "STOPPED";
          return done(id, {});
        });
      case "rollback-vm":
        return targets().map((id) => done(id, body.data as Json));
      default:
        return items.map((item) => done(this.addVm(String(item.name)), item));
    }
  }

  /** Responds to a call. */
  async respond(endpoint: string, body: Json, token: string): Promise<Answer> {
    const own = await this.intercept(endpoint, body, token);
    if (own !== undefined) return own;
    if (endpoint === "get-version") return { body: "4.6.0" };
    if (!endpoint.startsWith("get-")) return { body: this.write(endpoint, body) };
    const isCount = endpoint.endsWith("-connection");
    const entity = endpoint.slice("get-".length, isCount ? -"-connection".length : undefined);
    const { where = {}, first = 1000, orderBy = "id_ASC" } = body as { where?: Json; first?: number; orderBy?: string };
    const rows = (this.rows[entity] ?? []).filter((row) => this.shows(entity, row) && matches(row, where));
    if (isCount) return { body: { aggregate: { count: rows.length } } };
    const [field = "", sign] = [orderBy.replace(/_(ASC|DESC)$/, ""), orderBy.endsWith("_DESC") ? -1 : 1];
    // Ties in no particular order: the newest row first.
    const text = (row: Row) => String(row?.[field] ?? "");
    const order = (a: Row, b: Row) => (text(a) === text(b) ? 0 : text(a) < text(b) ? -sign : sign);
    return { body: rows.toReversed().sort(order).slice(0, first) };
  }
}

/** Whether a row matches a filter, as far as the gateway's own reads need it. */
function matches(row: unknown, where: Json): boolean {
  const value = (key: string) => (row as Json | null)?.[key] ?? null;
  return Object.entries(where).every(([key, wanted]) => {
    if (key === "AND") return (wanted as Json[]).every((one) => matches(row, one));
    if (key === "OR") return (wanted as Json[]).some((one) => matches(row, one));
    if (key.endsWith("_not_in")) {
      const given = value(key.slice(0, -7));
      return given !== null && !(wanted as unknown[]).includes(given);
    }
    if (key.endsWith("_in")) return (wanted as unknown[]).includes(value(key.slice(0, -3)));
    const bound = /^(.*)_(gte|lte|lt)$/.exec(key);
    if (bound !== null) {
      const given = value(bound[1] as string);
      if (typeof given !== "string") return false;
      return bound[2] === "gte"
        ? given >= String(wanted)
        : bound[2] === "lt"
          ? given < String(wanted)
          : given <= String(wanted);
    }
    if (key.endsWith("_gt")) return String(value(key.slice(0, -3))) > String(wanted);
    if (key.endsWith("_not")) return value(key.slice(0, -4)) !== wanted;
    if (typeof wanted === "object" && wanted !== null) return matches(value(key), wanted as Json);
    return value(key) === wanted;
  });
}

/** A gateway over an odd CloudTower. */
export interface OddGateway {
  readonly app: Awaited<ReturnType<typeof startApp>>;
  /** Sends an operation and returns the whole result. */
  send(query: string, variables?: Json, options?: { token?: string; signal?: AbortSignal }): Promise<Json>;
  /** Subscribes over server-sent events and returns all events, once the stream has completed. */
  events(query: string, variables: Json): Promise<Json[]>;
}

/** Starts an odd CloudTower for one test. */
export async function startTower(): Promise<{ tower: OddTower; url: string }> {
  const tower = new OddTower();
  const server = createServer((request, response) => void serve(tower, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { tower, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Starts a gateway over a CloudTower, for one test. */
export async function startOver(url: string, env: Record<string, string> = {}, logger?: Logger): Promise<OddGateway> {
  const quick = {
    TASK_POLL_QUICK_MS: "20",
    TASK_POLL_SLOW_MS: "40",
    WRITE_VERIFY_SECONDS: "1",
    TASK_APPEAR_SECONDS: "1",
  };
  const base = { PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", CLOUDTOWER_URL: url, ...quick };
  const app = await startApp(loadConfig({ ...base, ...env }), logger ?? pino({ level: "silent" }), {
    onColumnMisses: (columns) => {
      throw new Error(`read without having been requested: ${columns.join(", ")}`);
    },
  });
  onTestFinished(() => app.stop());
  const post = (body: object, headers: Record<string, string>, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${app.port}/graphql`, {
      method: "POST",
      signal,
      headers: { "content-type": "application/json", "x-towerql-cost": "1", ...headers },
      body: JSON.stringify(body),
    });
  return {
    app,
    async send(query, variables = {}, { token = "token", signal } = {}) {
      return (await (await post({ query, variables }, { authorization: token }, signal)).json()) as Json;
    },
    async events(query, variables) {
      const response = await post({ query, variables }, { authorization: "token", accept: "text/event-stream" });
      const text = await response.text();
      return [...text.matchAll(/^data: ?(.+)$/gm)].map(([, event]) => JSON.parse(event ?? "null") as Json);
    },
  };
}

async function serve(tower: OddTower, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const endpoint = (request.url ?? "").split("/").at(-1) ?? "";
  const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Json;
  const token = request.headers.authorization ?? "";
  tower.calls.push({ endpoint, body, token });
  const answer = await tower.respond(endpoint, body, token);
  if (answer === "reset") return void request.socket.destroy();
  const html = typeof answer.body === "string" && answer.body.startsWith("<");
  const text = html ? String(answer.body) : JSON.stringify(answer.body);
  const type = html ? "text/html" : "application/json";
  if (answer.cutAfter !== undefined) {
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n`;
    const whole = Buffer.from(head + text);
    request.socket.end(whole.subarray(0, answer.cutAfter));
    return;
  }
  response.writeHead(answer.status ?? 200, { "content-type": type });
  response.end(text);
}
