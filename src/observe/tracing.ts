import type { SamplerName } from "../kernel/sampler-names.js";
import type { TraceSpan } from "../kernel/trace-span.js";

/** An operation that begins. */
export interface TracedOperation {
  readonly transport: string;
  readonly type: string;
  readonly name: string | undefined;
  readonly client: string;
  readonly requestId: string;
  /** The header `traceparent` of the client, as it came. */
  readonly traceparent: string | undefined;
}

/** Exports traces. */
export interface Tracing {
  /** Begins the span of an operation, in the trace of its client if that sent one. */
  begin(operation: TracedOperation): TraceSpan;
  /** Exports what is left, for at most a second, and stops. Never rejects. */
  stop(): Promise<void>;
}

/** How traces are exported. */
export interface TracingSettings {
  /** Address to which spans are posted. */
  readonly url: string;
  /** As in the standard variable OTEL_TRACES_SAMPLER. */
  readonly sampler: SamplerName;
  /** Part of the traces that is kept, from 0 to 1, for samplers that need it. */
  readonly ratio: number;
  readonly version: string;
}
