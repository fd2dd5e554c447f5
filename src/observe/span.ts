import { createHash } from "node:crypto";
import { shorten } from "../kernel/text/shorten.js";
import type { CallRecord } from "../upstream/observer.js";
import { type FinishedOperation, MAX_OPERATION_NAME_LENGTH, outcomeOf } from "./observer.js";

/** A span in the JSON encoding of OTLP/HTTP, in which ids are hex. Source: opentelemetry-proto, trace.proto. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

const SERVER = 2;
const CLIENT = 3;
const UNSET = 0;
const FAILED = 2;

/**
 * Span of an operation. Its ids are derived from the request id, so that the spans of its calls can be sent before it has ended and
 * the trace can be found by the request id: the trace id is the request id without its dashes.
 */
export function operationSpan(operation: FinishedOperation, endedAt: number): Span {
  const { requestId, transport, type, name, client, upstream, codes, milliseconds, left } = operation;
  return {
    traceId: traceIdOf(requestId),
    spanId: rootSpanIdOf(requestId),
    name: name === undefined ? type : `${type} ${shorten(name, MAX_OPERATION_NAME_LENGTH)}`,
    kind: SERVER,
    startTimeUnixNano: nanoseconds(endedAt - milliseconds),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: [
      text("graphql.operation.type", type),
      text("graphql.operation.name", shorten(name ?? "", MAX_OPERATION_NAME_LENGTH)),
      text("towerql.transport", transport),
      text("towerql.client", client),
      text("towerql.request_id", requestId),
      text("towerql.codes", codes.join(" ")),
      { key: "towerql.upstream_calls", value: { intValue: String(upstream.calls) } },
    ],
    status: { code: outcomeOf({ codes, left }) === "errors" ? FAILED : UNSET },
  };
}

/** Span of one call to CloudTower. */
export function callSpan(call: CallRecord, requestId: string, spanId: string): Span {
  const { endpoint, outcome, startedAt, queuedMs, milliseconds } = call;
  return {
    traceId: traceIdOf(requestId),
    spanId,
    parentSpanId: rootSpanIdOf(requestId),
    name: `CloudTower ${endpoint}`,
    kind: CLIENT,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(startedAt + queuedMs + milliseconds),
    attributes: [
      text("towerql.upstream_endpoint", endpoint),
      text("towerql.outcome", String(outcome)),
      { key: "towerql.queued_ms", value: { intValue: String(Math.round(queuedMs)) } },
    ],
    status: { code: outcome === 200 || outcome === "cancelled" ? UNSET : FAILED },
  };
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

function traceIdOf(requestId: string): string {
  return UUID.test(requestId) ? requestId.replaceAll("-", "") : digest(requestId).slice(0, 32);
}

function rootSpanIdOf(requestId: string): string {
  return digest(requestId).slice(32, 48);
}

function digest(requestId: string): string {
  return createHash("sha256").update(requestId).digest("hex");
}

function text(key: string, stringValue: string): Attribute {
  return { key, value: { stringValue } };
}

/** A number cannot hold nanoseconds since 1970 exactly. */
function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1000)) * 1000n);
}
