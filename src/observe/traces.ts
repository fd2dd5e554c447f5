import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { CallRecord } from "../upstream/observer.js";
import type { FinishedOperation, Observer } from "./observer.js";
import { callSpan, operationSpan, type Span } from "./span.js";

/** Most spans that wait for being sent; while the collector does not take them, later ones are dropped. */
const MOST_WAITING = 4_096;
const EVERY_MS = 5_000;
const TIMEOUT_MS = 5_000;
/** The shutdown has little time, and little depends on the last spans. */
const LAST_TIMEOUT_MS = 1_000;

/**
 * Sends a span for each operation and for each of its calls to CloudTower to an OpenTelemetry collector, over OTLP/HTTP as JSON, in
 * batches. A collector that fails costs spans and a warning, nothing else.
 */
export class Traces implements Pick<Observer, "finished" | "callEnded"> {
  private waiting: Span[] = [];
  private dropped = 0;
  private failing = false;
  private readonly timer: NodeJS.Timeout;
  private readonly url: string;

  /** `endpoint` is the collector's address without `/v1/traces`. */
  constructor(
    endpoint: URL,
    private readonly version: string,
    private readonly logger: Logger,
  ) {
    this.url = `${endpoint.href.replace(/\/+$/, "")}/v1/traces`;
    this.timer = setInterval(() => void this.flush(), EVERY_MS);
    this.timer.unref();
  }

  finished(operation: FinishedOperation): void {
    this.add(operationSpan(operation, Date.now()));
  }

  callEnded(call: CallRecord): void {
    if (call.requestId !== undefined) this.add(callSpan(call, call.requestId, randomBytes(8).toString("hex")));
  }

  /** Sends what waits. */
  async flush(timeoutMs = TIMEOUT_MS): Promise<void> {
    const spans = this.waiting;
    if (spans.length === 0) return;
    this.waiting = [];
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(this.request(spans)),
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the collector answered ${response.status}`);
      if (this.failing) this.logger.info({ dropped: this.dropped }, "traces are taken again");
      this.failing = false;
      this.dropped = 0;
    } catch (error) {
      this.dropped += spans.length;
      if (!this.failing) this.logger.warn({ err: error }, "traces are not taken; they are dropped until they are");
      this.failing = true;
    }
  }

  /** Sends what waits and ends. Safe to call twice. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush(LAST_TIMEOUT_MS);
  }

  private add(span: Span): void {
    if (this.waiting.length < MOST_WAITING) this.waiting.push(span);
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
