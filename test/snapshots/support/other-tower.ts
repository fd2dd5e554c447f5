import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Columns of a row, or the keys of a request. */
export type Columns = Record<string, unknown>;
type Filter = Record<string, unknown>;

/** A response instead of the ordinary one: a status with a body, a connection that is cut, or none at all. */
export type Instead = { readonly status: number; readonly body?: unknown } | "reset" | "hang";

/** Endpoints of the types that the flows read, and the type that each link leads to. */
const TYPES: Record<string, string> = {
  ...{ Vm: "vms", VmDisk: "vm-disks", VmNic: "vm-nics", VmVolume: "vm-volumes", VmSnapshot: "vm-snapshots" },
  ...{ VmVolumeSnapshot: "vm-volume-snapshots", IscsiLun: "iscsi-luns", IscsiLunSnapshot: "iscsi-lun-snapshots" },
  ...{ IscsiTarget: "iscsi-targets", ConsistencyGroupSnapshot: "consistency-group-snapshots", Task: "tasks" },
  ...{ Cluster: "clusters" },
};
const LINKS: Record<string, string> = {
  ...{ vm: "Vm", cluster: "Cluster", vm_volume: "VmVolume", lun: "IscsiLun", iscsi_lun: "IscsiLun" },
  ...{ iscsi_target: "IscsiTarget", vm_disks: "VmDisk", consistency_group_snapshot: "ConsistencyGroupSnapshot" },
};

/**
 * A CloudTower that follows the contract and nothing else: rows in no order, exact texts in filters, null where the contract allows it.
 * It shares no code with the simulator, so that a habit of the one is not taken for a promise of the other.
 */
export class OtherTower {
  readonly rows = new Map<string, Columns[]>();
  /** Received calls: the endpoint and the body. */
  readonly calls: { readonly endpoint: string; readonly body: Columns }[] = [];
  /** Spoils responses. */
  instead: (endpoint: string, body: Columns) => Instead | undefined = () => undefined;
  url = "";

  all(type: string): Columns[] {
    const rows = this.rows.get(type) ?? [];
    this.rows.set(type, rows);
    return rows;
  }

  add(type: string, ...rows: Columns[]): void {
    this.all(type).push(...rows);
  }

  row(type: string, id: string): Columns {
    const row = this.all(type).find((each) => each.id === id);
    if (row === undefined) throw new Error(`no ${type} ${id}`);
    return row;
  }

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const endpoint = (request.url ?? "").replace("/v2/api/", "");
      const body = await bodyOf(request);
      this.calls.push({ endpoint, body });
      const instead = this.instead(endpoint, body);
      if (instead === "hang") return;
      if (instead === "reset") return void request.socket.destroy();
      response.writeHead(instead?.status ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(instead === undefined ? this.answer(endpoint, body) : (instead.body ?? {})));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
  }

  private answer(endpoint: string, { where, first, orderBy }: Columns): unknown {
    if (endpoint === "get-version") return "4.6.0";
    const type = Object.keys(TYPES).find((name) => endpoint.replace(/-connection$/, "") === `get-${TYPES[name]}`);
    if (type === undefined) return [];
    const found = this.all(type).filter((row) => this.matches(row, (where ?? {}) as Filter));
    if (endpoint.endsWith("-connection")) return { aggregate: { count: found.length } };
    const sorted = orderBy === "id_ASC" ? found.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1)) : found;
    return sorted.slice(0, Number(first ?? found.length));
  }

  private matches(row: Columns | undefined, where: Filter): boolean {
    if (row === undefined) return false;
    return Object.entries(where).every(([key, wanted]) => this.holds(row, key, wanted));
  }

  private holds(row: Columns, key: string, wanted: unknown): boolean {
    const list = () => wanted as Filter[];
    if (key === "AND") return list().every((each) => this.matches(row, each));
    if (key === "OR") return list().some((each) => this.matches(row, each));
    if (key === "NOT") return !list().some((each) => this.matches(row, each));
    const [, field = "", operator = ""] =
      /^(.+?)(_not_in|_not|_in|_gte|_lte|_gt|_lt|_some|_none|_every)?$/.exec(key) ?? [];
    const value = row[field] ?? null;
    const link = LINKS[field];
    const target = (stub: unknown) =>
      this.all(link ?? "").find(({ id }) => id === (stub as Columns | null)?.id) ?? (stub as Columns);
    if (operator === "_some")
      return ((value ?? []) as unknown[]).some((stub) => this.matches(target(stub), wanted as Filter));
    if (link !== undefined && operator === "" && wanted !== null) {
      return value !== null && this.matches(target(value), wanted as Filter);
    }
    if (operator === "_in") return (wanted as unknown[]).includes(value);
    if (wanted === null) return operator === "_not" ? value !== null : value === null;
    if (value === null) return false;
    if (operator === "_not_in") return !(wanted as unknown[]).includes(value);
    if (operator === "_not") return value !== wanted;
    const [a, b] = [String(value), String(wanted)];
    if (operator === "_gte") return a >= b;
    if (operator === "_lte") return a <= b;
    if (operator === "_gt") return a > b;
    if (operator === "_lt") return a < b;
    return value === wanted;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Columns> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Columns);
}
