import { auditTarget, flag, httpUrl, oneOf } from "../parsers.js";
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
    "URL of a collector to export traces to, over OTLP/HTTP as JSON. If empty, no traces.",
  ),
} as const;
