import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { entities } from "../../../src/upstream/wire/contract.js";

/** A server between a gateway and its simulator that leaves only the ids of related objects in rows. */
export interface ThinStubs {
  /** For `CLOUDTOWER_URL`. */
  readonly url: string;
  /** Tells where the simulator is. Requests for rows wait until then. */
  forwardTo(url: string): void;
}

/** Starts the server; it is stopped when the test is finished. */
export async function startThinStubs(): Promise<ThinStubs> {
  let forwardTo = (_url: string) => {};
  const target = new Promise<string>((resolve) => {
    forwardTo = resolve;
  });
  const server = createServer(async (request, response) => {
    // Asked before the simulator is known: a CloudTower that does not tell its version.
    if (request.url?.endsWith("/get-version")) return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(new URL(request.url ?? "", await target), {
      method: request.method ?? "GET",
      headers: {
        authorization: request.headers.authorization ?? "",
        "content-type": request.headers["content-type"] ?? "application/json",
      },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    const body: unknown = await answer.json();
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(Array.isArray(body) ? body.map((row) => thin(request.url ?? "", row)) : body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, forwardTo };
}

function thin(url: string, row: Record<string, unknown>): object {
  const entity = Object.values(entities).find(({ path }) => url.endsWith(`/get-${path}`));
  const kinds = Object.entries(entity?.fields ?? {});
  const related = kinds.filter(([, kind]) => /^(one|many) /.test(kind)).map(([name]) => name);
  const idOf = (stub: { id: string }) => ({ id: stub.id });
  return {
    ...row,
    ...Object.fromEntries(
      related.map((name) => {
        const value = row[name] as { id: string } | { id: string }[] | null;
        return [name, Array.isArray(value) ? value.map(idOf) : value && idOf(value)];
      }),
    ),
  };
}
