import { SAMPLERS } from "../../kernel/sampler-names.js";
import { auditTarget, flag, httpUrl, oneOf, ratio, text } from "../parsers.js";
import { optional, setting } from "../setting.js";

/** Log, metrics and traces. */
export const observeSettings = {
  logLevel: setting(
    "LOG_LEVEL",
    oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent"),
    "info",
    "Minimum level to log: `fatal`, `error`, `warn`, `info`, `debug` or `trace`; `silent` for no log.",
  ),
  auditLog: setting(
    "AUDIT_LOG",
    auditTarget,
    "stdout",
    "Where the log of writes goes, at every LOG_LEVEL: `stdout`, or the absolute path of a file, which is opened again on SIGHUP.",
  ),
  metrics: setting("METRICS", flag, "true", "Serve `/metrics` for Prometheus."),
  otlpEndpoint: optional(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    httpUrl,
    "URL of a collector to export traces to, over OTLP/HTTP as JSON, without `/v1/traces`. If empty, no traces.",
  ),
  otlpTracesEndpoint: optional(
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    httpUrl,
    "URL to post traces to, used as it is, instead of OTEL_EXPORTER_OTLP_ENDPOINT.",
  ),
  otlpProtocol: optional(
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    text,
    "Protocol of the export. If traces are exported, it must be `http/json` or empty.",
  ),
  tracesExporter: setting(
    "OTEL_TRACES_EXPORTER",
    oneOf("otlp", "none"),
    "otlp",
    "`otlp` exports traces if an endpoint is set; `none` exports none.",
  ),
  tracesSampler: setting(
    "OTEL_TRACES_SAMPLER",
    oneOf(...SAMPLERS),
    "parentbased_always_on",
    "Which traces are exported: `always_on`, `always_off`, `traceidratio`, or one of these after `parentbased_`, which follows the decision of a client that sends `traceparent`.",
  ),
  tracesSamplerArg: setting(
    "OTEL_TRACES_SAMPLER_ARG",
    ratio,
    "1",
    "Part of the traces that the ratio samplers export, from 0 to 1.",
  ),
} as const;
