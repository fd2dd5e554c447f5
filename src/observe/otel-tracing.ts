import {
  type Attributes,
  type Context,
  type DiagLogger,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-node";
import type { Logger } from "pino";
import type { SamplerName } from "../kernel/sampler-names.js";
import { shorten } from "../kernel/text/shorten.js";
import type { SpanAttributes, TraceSpan } from "../kernel/trace-span.js";
import { MAX_OPERATION_NAME_LENGTH } from "./observer.js";
import { ReportedExporter } from "./reported-exporter.js";
import type { TracedOperation, Tracing, TracingSettings } from "./tracing.js";

/** The shutdown has little time. */
const LAST_EXPORT_MS = 1_000;
const KINDS = { write: SpanKind.INTERNAL, call: SpanKind.CLIENT };

/**
 * Exports traces with OpenTelemetry, over OTLP/HTTP as JSON, in batches. Load this module only if traces are exported.
 *
 * Headers, time limit, certificates and batches of the export, and further attributes of the gateway, are taken from the standard
 * variables by OpenTelemetry itself. Nothing is registered globally but its warnings. If the collector fails, spans are dropped and a warning is logged.
 */
export class OtelTracing implements Tracing {
  private readonly provider: NodeTracerProvider;
  private readonly tracer: Tracer;
  private readonly propagator = new W3CTraceContextPropagator();

  constructor({ url, sampler, ratio, version }: TracingSettings, logger: Logger) {
    // Of standard variables that OpenTelemetry reads itself and cannot use.
    diag.setLogger(warningsOf(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    const own = resourceFromAttributes({ "service.name": "towerql", "service.version": version });
    const detected = detectResources({ detectors: [serviceInstanceIdDetector, envDetector] });
    const exporter = new ReportedExporter(new OTLPTraceExporter({ url }), logger);
    this.provider = new NodeTracerProvider({
      sampler: samplerOf(sampler, ratio),
      resource: defaultResource().merge(own).merge(detected),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.tracer = this.provider.getTracer("towerql", version);
  }

  begin({ traceparent, type, name, transport, client, requestId }: TracedOperation): TraceSpan {
    const shown = shorten(name ?? "", MAX_OPERATION_NAME_LENGTH);
    const attributes = {
      ...{ "graphql.operation.type": type, "graphql.operation.name": shown, "towerql.transport": transport },
      ...{ "towerql.client": client, "towerql.request_id": requestId },
    };
    const parent = this.propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
    const title = shown === "" ? type : `${type} ${shown}`;
    return new OtelSpan(
      this.tracer,
      this.tracer.startSpan(title, { kind: SpanKind.SERVER, attributes }, parent),
      parent,
    );
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_EXPORT_MS);
    });
    await Promise.race([this.provider.shutdown().catch(() => {}), timeout]);
    clearTimeout(timer);
  }
}

class OtelSpan implements TraceSpan {
  constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
    private readonly parent: Context,
  ) {}

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  }

  begin(kind: "write" | "call", name: string, attributes: SpanAttributes): TraceSpan {
    const context = trace.setSpan(this.parent, this.span);
    return new OtelSpan(this.tracer, this.tracer.startSpan(name, { kind: KINDS[kind], attributes }, context), context);
  }

  end(attributes: SpanAttributes, isFailed: boolean): void {
    this.span.setAttributes(attributes as Attributes);
    if (isFailed) this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}

function warningsOf(logger: Logger): DiagLogger {
  const warn = (message: string) => logger.warn({ reason: message }, "OpenTelemetry warns");
  return { error: warn, warn, info() {}, debug() {}, verbose() {} };
}

function samplerOf(name: SamplerName, ratio: number): Sampler {
  switch (name) {
    case "always_on":
      return new AlwaysOnSampler();
    case "always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
      return new TraceIdRatioBasedSampler(ratio);
    case "parentbased_always_on":
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
