import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { startGateway } from "../support/gateway.js";

interface Received {
  readonly path: string;
  readonly body: { resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[] };
}

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

/** A collector that records the requests it receives. */
async function startCollector(status: number) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(status).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { received, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/otlp/` };
}

const requestId = "0b0f1f5e-7c39-4b1c-9d0c-2f6a4f0c9a11";

test("exports a span per operation and a child span per call, under the trace id of the request id", async () => {
  const { received, endpoint } = await startCollector(200);
  const gateway = await startGateway({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });

  await gateway.data("query Disks { vms(first: 2) { nodes { disks { type } } } }", {}, { "x-request-id": requestId });
  await gateway.app.stop();

  expect(received.map(({ path }) => path)).toEqual(["/otlp/v1/traces"]);
  const spans = received.flatMap(({ body }) => body.resourceSpans[0]?.scopeSpans[0]?.spans ?? []);
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  expect(root).toMatchObject({ name: "query Disks", kind: 2, traceId: requestId.replaceAll("-", "") });
  const calls = spans.filter((span) => span !== root);
  expect(calls.map(({ name }) => name).sort()).toEqual(["CloudTower get-vm-disks", "CloudTower get-vms"]);
  for (const call of calls) {
    expect(call).toMatchObject({ kind: 3, traceId: root?.traceId, parentSpanId: root?.spanId });
    expect(call.spanId).toMatch(/^[\da-f]{16}$/);
    expect(BigInt(call.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(call.startTimeUnixNano));
  }
  expect(JSON.stringify(received)).not.toContain(gateway.token);
});

test("a failing collector causes one warning and no failed operation", async () => {
  const { endpoint } = await startCollector(503);
  const log = captureLog("warn");
  const gateway = await startGateway({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, logger: log.logger });

  await gateway.data("{ vms(first: 1) { nodes { id } } }");
  await gateway.app.stop();

  expect(log.lines).toMatchObject([{ msg: expect.stringContaining("trace export failed") }]);
});
