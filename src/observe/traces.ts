import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { CallRecord } from "../upstream/observer.js";
import type { FinishedOperation, Observer } from "./observer.js";
import { callSpan, operationSpan, type Span } from "./span.js";

/** Maximum number of spans waiting to be sent; further ones are dropped. */
const MAX_PENDING_SPANS = 4_096;
const FLUSH_INTERVAL_MS = 5_000;
const EXPORT_TIMEOUT_MS = 5_000;
/** Shorter, because the shutdown has little time. */
const LAST_EXPORT_TIMEOUT_MS = 1_000;

/**
 * Exports a span for each operation and each of its calls to CloudTower to an OpenTelemetry collector, over OTLP/HTTP as JSON, in
 * batches. If the collector fails, spans are dropped and a warning is logged; nothing else is affected.
 */
export class Traces implements Pick<Observer, "finished" | "callEnded"> {
  private pending: Span[] = [];
  private dropped = 0;
  private failing = false;
  private readonly timer: NodeJS.Timeout;
  private readonly url: string;

  /** @param endpoint address of the collector, without `/v1/traces`. */
  constructor(
    endpoint: URL,
    private readonly version: string,
    private readonly logger: Logger,
  ) {
    this.url = `${endpoint.href.replace(/\/+$/, "")}/v1/traces`;
    this.timer = setInterval(() => void this.flush(), FLUSH_INTERVAL_MS);
    this.timer.unref();
  }

  finished(operation: FinishedOperation): void {
    this.add(operationSpan(operation, Date.now()));
  }

  callEnded(call: CallRecord): void {
    if (call.requestId !== undefined) this.add(callSpan(call, call.requestId, randomBytes(8).toString("hex")));
  }

  /** Exports the pending spans. Never rejects. */
  async flush(timeoutMs = EXPORT_TIMEOUT_MS): Promise<void> {
    const spans = this.pending;
    if (spans.length === 0) return;
    this.pending = [];
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(this.request(spans)),
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`The collector responded with HTTP ${response.status}.`);
      if (this.failing) this.logger.info({ dropped: this.dropped }, "trace export works again");
      this.failing = false;
      this.dropped = 0;
    } catch (error) {
      this.dropped += spans.length;
      if (!this.failing)
        this.logger.warn({ err: error }, "trace export failed: spans are dropped until the collector accepts them");
      this.failing = true;
    }
  }

  /** Exports the pending spans and stops. Safe to call twice. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush(LAST_EXPORT_TIMEOUT_MS);
  }

  private add(span: Span): void {
    if (this.pending.length < MAX_PENDING_SPANS) this.pending.push(span);
    else this.dropped += 1;
  }

  private request(spans: readonly Span[]): object {
    const attributes = [
      { key: "service.name", value: { stringValue: "towerql" } },
      { key: "service.version", value: { stringValue: this.version } },
    ];
    return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "towerql" }, spans }] }] };
  }
}
