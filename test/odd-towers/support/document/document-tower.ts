import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Contract } from "../../../support/openapi.js";
import { Shapes } from "./shape.js";
import { Filters, order } from "./where.js";
import { type StoredRow, World } from "./world.js";
import { Writes } from "./writes.js";

type Json = Record<string, unknown>;

/**
 * A CloudTower made from nothing but the OpenAPI document of its version: it shares no code and no habit with the simulator, refuses what
 * the document does not allow, and lists what the document's schemas allow.
 */
export class DocumentTower {
  readonly filters: Filters;
  /** All calls, in order. */
  readonly calls: { readonly endpoint: string; readonly body: Json }[] = [];
  /** What the document does not allow: requests, and responses of this tower. */
  readonly problems = new Set<string>();
  /** Whether nulls are sorted before values. */
  nullsFirst = false;
  private readonly listed = new Map<string, string>();
  private readonly writes: Writes;

  constructor(
    readonly contract: Contract,
    readonly world: World,
  ) {
    this.filters = new Filters(this.shapes, this.world);
    this.writes = new Writes(this.world);
    for (const [kind, endpoint] of this.shapes.lists) this.listed.set(endpoint, kind);
  }

  count(endpoint: string): number {
    return this.calls.filter((call) => call.endpoint === endpoint).length;
  }

  get shapes(): Shapes {
    return this.world.shapes;
  }

  /** Responds to a call that the document allows. */
  respond(endpoint: string, body: Json): { readonly status: number; readonly body: unknown } {
    this.writes.tick();
    const ok = (sent: unknown) => ({ status: 200, body: sent });
    if (endpoint === "get-version") return ok(this.contract.document.info.version);
    if (endpoint === "login") return ok({ task_id: null, data: { token: "token" } });
    const kind = this.listed.get(endpoint.replace(/-(connection|without-executions)$/, ""));
    if (kind !== undefined) {
      const rows = this.select(kind, body);
      return ok(
        endpoint.endsWith("-connection")
          ? { aggregate: { count: rows.length } }
          : rows.map((row) => this.sent(kind, row)),
      );
    }
    const written = this.writes.write(endpoint, body, (of) => this.select(of, { where: body.where }));
    if (written === undefined) return { status: 404, body: refusal(endpoint, 404, "no such endpoint") };
    const ofVm = endpoint.includes("snapshot") && !endpoint.startsWith("rebuild") ? "VmSnapshot" : "Vm";
    const kindOf = endpoint.includes("consistency") ? "ConsistencyGroupSnapshot" : ofVm;
    const isDeletion = endpoint.startsWith("delete-");
    return ok(
      written.map(({ task_id, data }) => ({
        task_id,
        data: isDeletion ? data : this.sent(kindOf, this.world.find(data.id) as StoredRow),
      })),
    );
  }

  private select(kind: string, { where, orderBy, first, skip, after }: Json): StoredRow[] {
    let rows = this.world.of(kind).filter((row) => this.filters.matches(kind, row, where as Json));
    const [, field = "id", direction = "ASC"] = /^(.*)_(ASC|DESC)$/.exec(String(orderBy ?? "id_ASC")) ?? [];
    const sign = direction === "ASC" ? 1 : -1;
    rows = rows.toReversed().sort((a, b) => {
      const [left, right] = [a[field] ?? null, b[field] ?? null];
      if (left === null || right === null) {
        const nulls = (left === null ? -1 : 0) - (right === null ? -1 : 0);
        return this.nullsFirst ? nulls : -nulls;
      }
      return sign * (typeof left === "object" ? 0 : order(left, right));
    });
    const start = typeof after === "string" ? rows.findIndex(({ id }) => id === after) + 1 : 0;
    const from = start + Number(skip ?? 0);
    return rows.slice(from, typeof first === "number" ? from + first : undefined);
  }

  private sent(kind: string, row: StoredRow): Json {
    const sent: Json = { ...row };
    for (const member of this.shapes.of(kind)) {
      const value = row[member.name];
      if (value === null || value === undefined) continue;
      if (member.kind === "one") sent[member.name] = this.world.stubOf(this.world.find(value), member.stub);
      if (member.kind === "many")
        sent[member.name] = (value as string[]).map((id) => this.world.stubOf(this.world.find(id), member.stub));
    }
    return sent;
  }
}

/** The objects of a tower: some of each kind that the document lists. */
export function worldOf({ document }: Contract, perKind: number): World {
  return new World(new Shapes(document), { perKind, seed: 1 });
}

/**
 * Starts the tower for one test.
 *
 * @param options.checksAnswers whether the tower's own responses are compared with the document, which takes most of the time.
 */
export async function startDocumentTower(
  contract: Contract,
  { world, checksAnswers = false }: { readonly world: World; readonly checksAnswers?: boolean },
): Promise<{ tower: DocumentTower; url: string }> {
  const tower = new DocumentTower(contract, world);
  const server = createServer((request, response) => void serve(tower, request, response, checksAnswers));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { tower, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function serve(
  tower: DocumentTower,
  request: IncomingMessage,
  response: ServerResponse,
  checksAnswers: boolean,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = request.url ?? "";
  const endpoint = path.split("/").at(-1) ?? "";
  const text = Buffer.concat(chunks).toString();
  const body: unknown = text === "" ? "" : JSON.parse(text);
  tower.calls.push({ endpoint, body: body as Json });
  const asked = { endpoint, method: request.method ?? "", path, headers: request.headers, requestBody: body };
  const exchange = (status: number, responseBody: unknown) => ({
    ...asked,
    status,
    responseBody,
    responseHeaders: { "content-type": "application/json", "x-tower-request-id": "r" },
  });
  const wrong = tower.contract.check(exchange(200, []), { requestOnly: true });
  for (const problem of wrong) tower.problems.add(problem);
  const answer =
    wrong.length > 0
      ? { status: 400, body: refusal(endpoint, 400, wrong.join("; ")) }
      : tower.respond(endpoint, (body === "" ? {} : body) as Json);
  const own = checksAnswers ? tower.contract.check(exchange(answer.status, answer.body), { answerOnly: true }) : [];
  for (const problem of own) tower.problems.add(problem);
  response.writeHead(answer.status, { "content-type": "application/json", "x-tower-request-id": "r" });
  response.end(JSON.stringify(answer.body));
}

function refusal(endpoint: string, status: number, message: string): object {
  return { path: `/v2/api/${endpoint}`, status, message };
}
