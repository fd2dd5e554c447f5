/** What a span says of what it stands for. Never variables, tokens, or data of CloudTower. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** A part of a distributed trace: an operation, a write or a call. Exists only while traces are exported. */
export interface TraceSpan {
  readonly traceId: string;
  /** The W3C header `traceparent` for what is done below this span. */
  readonly traceparent: string;
  /** Begins a span below this one. */
  begin(kind: "write" | "call", name: string, attributes: SpanAttributes): TraceSpan;
  /** Ends it. @param isFailed whether it counts as an error. */
  end(attributes: SpanAttributes, isFailed: boolean): void;
}
