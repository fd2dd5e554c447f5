import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { captureLog } from "../support/captured-log.js";
import { startGateway, type TestGateway } from "../support/gateway.js";

const readyz = async ({ url }: TestGateway) => (await fetch(`${url}/readyz`)).status;

test("is ready without a credential: any response of CloudTower is enough, even a refusal", async () => {
  const gateway = await startGateway();
  gateway.simulator.control.revokeTokens();

  expect(await readyz(gateway)).toBe(200);
});

test("is not ready while CloudTower is down, and ready again when it is back at the same address", async () => {
  const gateway = await startGateway({ simulator: { vms: 2 } });
  const { port } = gateway.simulator;
  await gateway.simulator.stop();
  expect(await readyz(gateway)).toBe(503);

  const restarted = await startSimulator({ port, vms: 2 });
  try {
    await expect.poll(() => readyz(gateway), { timeout: 15_000 }).toBe(200);
  } finally {
    await restarted.stop();
  }
});

test("is alive whether or not CloudTower is", async () => {
  const gateway = await startGateway();
  await gateway.simulator.stop();

  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

test("UPSTREAM_UNAVAILABLE does not wait for the deadline while CloudTower is down, and fields without a call still have values", async () => {
  const gateway = await startGateway();
  await gateway.simulator.stop();

  const { data, errors } = await gateway.query("{ gateway { simulated } __typename vms { nodes { id } } }");

  expect(data).toEqual({ gateway: { simulated: false }, __typename: "Query", vms: null });
  expect(errors).toMatchObject([{ path: ["vms"], extensions: { code: "UPSTREAM_UNAVAILABLE" } }]);
  expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|ECONN|stack/);
});

test("UPSTREAM_TIMEOUT comes at the deadline of the operation while CloudTower hangs", async () => {
  const gateway = await startGateway({ env: { OPERATION_TIMEOUT_SECONDS: "1" } });
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hang" } });

  const { errors } = await gateway.query("{ vms { nodes { id } } }");

  // The deadline of a call would be 30 s.
  const message = expect.stringMatching(/\b1 s\b/);
  expect(errors).toMatchObject([{ message, path: ["vms"], extensions: { code: "UPSTREAM_TIMEOUT" } }]);
});

/** URL of a server on loopback. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const web = (listener: RequestListener) => () => listening(createHttpServer(listener));
const page = (status: number, body: string, headers = {}) =>
  web((_, response) => void response.writeHead(status, headers).end(body));

/** A real (simulated) CloudTower, addressed by a path that is not its API's. */
const tower = (path: string) => async () => {
  const simulator = await startSimulator({ vms: 1 });
  onTestFinished(() => simulator.stop());
  return new URL(path, simulator.url).href;
};

test.each([
  ["an unknown host name", async () => "http://no-such-host.invalid", "cannot be resolved"],
  ["a port without a listener", async () => "http://127.0.0.1:1", "refuses the connection"],
  ["a connection that is closed", () => listening(createServer((socket) => socket.destroy())), "closes the connection"],
  ["https to a port without TLS", async () => (await page(200, "")()).replace("http:", "https:"), "TLS handshake"],
  ["a server that does not speak HTTP", () => listening(createServer((socket) => socket.end("220 smtp\r\n"))), "other"],
  ["a web page for each path", page(200, "<html>secret-page</html>"), "Something other than CloudTower"],
  ["an empty response", page(200, ""), "Something other than CloudTower"],
  ["another API", page(200, '{"hello":"world"}'), "Something other than CloudTower"],
  ["a web server's 404", page(404, "<html>secret-page</html>"), "Something other than CloudTower"],
  ["a web server's 404 in JSON", page(404, '{"message":"no such page"}'), "Something other than CloudTower"],
  ["a CloudTower at another path", tower("/v2/ap"), "leave the path out"],
  ["a server that never responds", web(() => {}), "check that it runs"],
  ["a redirect", page(301, "", { location: "https://secret-page/" }), "Something other than CloudTower"],
  ["a proxy without CloudTower behind it", page(502, "<html>secret-page</html>"), "A proxy responds"],
])("/readyz and one warning tell of %s, without an address", async (_, start, reason) => {
  const log = captureLog("info");
  const gateway = await startGateway({ env: { CLOUDTOWER_URL: await start() }, logger: log.logger });

  const response = await fetch(`${gateway.url}/readyz`);
  const text = await response.text();
  await readyz(gateway);

  expect(response.status).toBe(503);
  expect(JSON.parse(text)).toEqual({ status: "not ready", reason: expect.stringContaining(reason) });
  // Says what to do.
  expect(text).toMatch(/: (check|leave|set|use|renew) [^:]+\."/);
  expect(text).not.toMatch(/127\.0\.0\.1|invalid|secret|ECONN|localhost/);
  expect(log.lines.filter(({ level }) => level === 40)).toMatchObject([{ msg: JSON.parse(text).reason }]);
});

test("is ready if CloudTower has no get-version but a proxy's page in its place", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const { faults } = gateway.simulator;
  faults.add({ operation: "get-version", effect: { kind: "status", status: 404, body: "html" } });

  expect(await readyz(gateway)).toBe(200);
});

test("is not ready in service mode if the path is wrong but only known after a credential was accepted", async () => {
  const start = web((request, response) => void response.writeHead(request.headers.authorization ? 404 : 401).end());
  const env = { CLOUDTOWER_URL: await start(), AUTH_MODE: "service", API_KEYS: "key", CLOUDTOWER_TOKEN: "any" };
  const gateway = await startGateway({ env });

  const response = await fetch(`${gateway.url}/readyz`);
  expect(await response.json()).toMatchObject({ reason: expect.stringContaining("leave the path out") });
});
