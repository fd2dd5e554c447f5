import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";
import { sseClient } from "../support/transports.js";

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number };
  readonly attributes: readonly Attribute[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

/** A collector of OTLP/HTTP. @param status of its responses; it never responds if it is undefined. */
async function startCollector(status: number | undefined = 200) {
  const received: { readonly path: string; readonly body: Export }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(chunks).toString()) });
    if (status !== undefined) response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/otlp/`;
  const scopes = () => received.flatMap(({ body }) => body.resourceSpans);
  return {
    received,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    spans: () => scopes().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    resource: () => valuesOf(scopes()[0]?.resource.attributes ?? []),
  };
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const traceparent = `00-${TRACE}-${PARENT}-01`;
const [SERVER, CLIENT, INTERNAL] = [2, 3, 1];
const SMALL = "{ vms(first: 1) { nodes { name } } }";

describe("traces", () => {
  test("join the client's, the operation's, each write's and each call's spans, and go on in CloudTower's requests", async () => {
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=lab");
    onTestFinished(() => void vi.unstubAllEnvs());
    const collector = await startCollector();
    const log = captureLog();
    const gateway = await startGateway({ env: collector.env, logger: log.logger });
    const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id as string;
    const mutation =
      'mutation Take($vmId: ID!) { createVmSnapshot(input: { vmId: $vmId, name: "secret-name" }) { created } }';
    await gateway.data(mutation, { vmId }, { traceparent });
    await gateway.app.stop();

    expect(collector.received.map(({ path }) => path)).toEqual(["/otlp/v1/traces"]);
    expect(collector.resource()).toMatchObject({
      ...{ "service.name": "towerql", "service.version": "0.1.0", "deployment.environment.name": "lab" },
      "service.instance.id": expect.stringMatching(/^[\da-f-]{36}$/),
    });
    const spans = collector.spans();
    const [operation, ...noOther] = spans.filter(({ kind }) => kind === SERVER);
    expect(noOther).toEqual([]);
    expect(operation).toMatchObject({ name: "mutation Take", traceId: TRACE, parentSpanId: PARENT });
    expect(log.lines.find(({ msg }) => msg === "operation")).toMatchObject({ traceId: TRACE });
    const [write] = spans.filter(({ kind }) => kind === INTERNAL);
    expect(write).toMatchObject({ name: "write create-vm-snapshot", traceId: TRACE, parentSpanId: operation?.spanId });
    expect(valuesOf(write?.attributes ?? [])).toMatchObject({ "towerql.outcome": "accepted" });
    const calls = spans.filter(({ kind }) => kind === CLIENT);
    const [sent, ...noneTwice] = calls.filter(({ name }) => name === "CloudTower create-vm-snapshot");
    expect(noneTwice).toEqual([]);
    expect(sent).toMatchObject({ traceId: TRACE, parentSpanId: write?.spanId });
    const reads = calls.filter((call) => call !== sent);
    expect(reads.length).toBeGreaterThan(1);
    for (const read of reads) expect(read).toMatchObject({ traceId: TRACE, parentSpanId: operation?.spanId });
    // Neither credentials nor variables nor rows.
    const text = JSON.stringify(collector.received);
    for (const secret of [gateway.token, vmId, "secret-name", "web-prod-01"]) expect(text).not.toContain(secret);

    const headers = gateway.simulator.calls.of("create-vm-snapshot").map((call) => call.headers.traceparent);
    expect(headers).toEqual([`00-${TRACE}-${sent?.spanId}-01`]);
  });

  test("begin anew for a client without a valid traceparent, and follow it on event streams and WebSockets", async () => {
    const collector = await startCollector();
    const gateway = await startGateway({ env: collector.env });
    await gateway.data(`query Without ${SMALL}`);
    await gateway.data(`query Malformed ${SMALL}`, {}, { traceparent: `00-${"0".repeat(32)}-${PARENT}-01` });
    const socket = gateway.socket();
    for await (const _ of socket.iterate({ query: `query Socket ${SMALL}`, extensions: { traceparent } }));
    const headers = { accept: "text/event-stream", traceparent };
    await (await gateway.post({ query: `query Stream ${SMALL}` }, headers)).text();
    await (await gateway.post({ query: "{ refused }" }, { traceparent })).text();
    await gateway.app.stop();

    const operations = collector.spans().filter(({ kind }) => kind === SERVER);
    const traceOf = Object.fromEntries(operations.map(({ name, traceId }) => [name, traceId]));
    expect(traceOf).toEqual({
      ...{ "query Without": expect.any(String), "query Malformed": expect.any(String) },
      ...{ "query Socket": TRACE, "query Stream": TRACE },
    });
    expect(new Set(Object.values(traceOf)).size).toBe(3);
  });

  test.each([
    ["always_off", "1", []],
    ["traceidratio", "0", []],
    ["parentbased_always_off", "1", ["query Sampled"]],
    ["always_on", "1", ["query Own", "query Sampled"]],
  ])("are sampled as OTEL_TRACES_SAMPLER=%s says, with %s", async (sampler, ratio, expected) => {
    const collector = await startCollector();
    const env = { ...collector.env, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio };
    const gateway = await startGateway({ env });
    await gateway.data(`query Own ${SMALL}`);
    await gateway.data(`query Sampled ${SMALL}`, {}, { traceparent });
    await gateway.app.stop();
    const names = collector.spans().filter(({ kind }) => kind === SERVER);
    expect(names.map(({ name }) => name)).toEqual(expected);
  });

  test("a failing collector causes one warning and no failed operation", async () => {
    const collector = await startCollector(400);
    const log = captureLog("warn");
    const gateway = await startGateway({ env: collector.env, logger: log.logger });
    await gateway.data(SMALL);
    await gateway.app.stop();

    expect(log.lines).toMatchObject([{ msg: expect.stringContaining("trace export failed") }]);
  });

  test("a collector that never responds does not keep the gateway from stopping", async () => {
    const collector = await startCollector(undefined);
    const gateway = await startGateway({ env: collector.env });
    await gateway.data(SMALL);
    await gateway.app.stop();

    expect(collector.spans().map(({ name }) => name)).toContain("query");
  });

  test("polls for subscriptions belong to no trace: they outlive the operation that caused them", async () => {
    const collector = await startCollector();
    const gateway = await startGateway({ env: collector.env });
    const id = gateway.simulator.control.insert("Task", { status: "EXECUTING" });
    const query = `subscription Watch { taskProgress(taskId: "${id}") { status } }`;
    const end = sseClient(gateway).subscribe({ query }, { next() {}, error() {}, complete() {} });
    await gateway.simulator.calls.next("get-tasks");
    await expect.poll(() => gateway.simulator.calls.count("get-tasks")).toBeGreaterThan(1);
    end();
    await gateway.app.stop();

    expect(collector.spans().map(({ name }) => name)).toEqual(["subscription Watch"]);
  });
});

test("without an endpoint, nothing of OpenTelemetry is loaded but its interfaces, which prom-client needs", async () => {
  const program = `
    import { createRequire } from "node:module";
    import { startApp } from "./dist/app.js";
    import { loadConfig } from "./dist/config.js";
    import { createLogger } from "./dist/observe/log.js";
    const app = await startApp(loadConfig(), createLogger("silent"));
    await fetch("http://127.0.0.1:" + app.port + "/graphql?query={vms{totalCount}}", { headers: { "apollo-require-preflight": "1" } });
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => /opentelemetry.(?!api\\b)/.test(path));
    console.log(loaded.length);
    await app.stop();
    process.exit(0);`;
  const loaded = async (env: Record<string, string>) => {
    const options = { env: { PATH: process.env.PATH, PORT: "0", HOST: "127.0.0.1", SIMULATOR_VMS: "1", ...env } };
    const args = ["--input-type=module", "-e", program];
    return Number((await promisify(execFile)(process.execPath, args, options)).stdout);
  };
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" };
  const counts = await Promise.all([{}, { ...endpoint, OTEL_TRACES_EXPORTER: "none" }, endpoint].map(loaded));

  // The same program sees the modules if there are any.
  expect(counts).toEqual([0, 0, expect.any(Number)]);
  expect(counts[2]).toBeGreaterThan(10);
}, 60_000);
