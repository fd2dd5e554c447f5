/**
 * Receives the webhooks of TowerQL: checks their signatures, drops what it has received before, and appends each event to a file.
 *
 *   npx tsx docs/examples/webhook-receiver.ts <port> <file>
 *
 * Reads WEBHOOK_SECRETS: one secret (whsec_...), or two separated by a space while you rotate them. Needs `standardwebhooks`.
 * Listens on 127.0.0.1 without TLS: put a TLS proxy in front of it.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

const [port, file] = process.argv.slice(2);
const secrets = (process.env.WEBHOOK_SECRETS ?? "").split(" ").filter((secret) => secret !== "");
if (port === undefined || file === undefined || secrets.length === 0) {
  console.error("usage: WEBHOOK_SECRETS=whsec_... webhook-receiver.ts <port> <file>");
  process.exit(2);
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Ids of the events in the file. A delivery may come twice, always under the same id. */
const known = new Set<string>();
for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) {
  if (line !== "") known.add(JSON.parse(line).id);
}

/** The body as it was sent: the signature covers its bytes, not its meaning. */
async function rawBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Whether one of the secrets has signed the request, at most five minutes ago. */
function isGenuine(body: string, headers: Record<string, string>): boolean {
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  });
}

const server = createServer(async (request, response) => {
  const body = await rawBody(request).catch(() => undefined);
  if (body === undefined) return response.writeHead(413).end();
  if (!isGenuine(body, request.headers as Record<string, string>)) return response.writeHead(401).end();
  const id = String(request.headers["webhook-id"]);
  // A test delivery has no event.
  if (!id.startsWith("test_") && !known.has(id)) {
    // Acknowledge only what is safe: after a 2xx it does not come again.
    appendFileSync(file, `${JSON.stringify({ id, event: JSON.parse(body) })}\n`, { flush: true });
    known.add(id);
  }
  return response.writeHead(204).end();
});
server.listen(Number(port), "127.0.0.1", () => {
  console.log(`listening on port ${(server.address() as AddressInfo).port}`);
});
