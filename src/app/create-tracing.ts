import type { Logger } from "pino";
import type { Config } from "../config.js";
import type { Tracing } from "../observe/tracing.js";
import { version } from "../version.js";

/** The export of traces, if it is configured. OpenTelemetry is loaded only then. */
export async function createTracing(config: Config, logger: Logger): Promise<Tracing | undefined> {
  const { otlpEndpoint, otlpTracesEndpoint, tracesExporter, tracesSampler: sampler, tracesSamplerArg: ratio } = config;
  const url = otlpTracesEndpoint?.href ?? (otlpEndpoint && `${otlpEndpoint.href.replace(/\/+$/, "")}/v1/traces`);
  if (url === undefined || tracesExporter === "none") return undefined;
  const { OtelTracing } = await import("../observe/otel-tracing.js");
  return new OtelTracing({ url, sampler, ratio, version }, logger);
}
