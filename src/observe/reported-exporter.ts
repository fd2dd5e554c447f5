import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-node";
import type { Logger } from "pino";

/** An exporter whose first failure and recovery are logged, instead of each failure. */
export class ReportedExporter implements SpanExporter {
  private dropped = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, ({ code, error }) => {
      this.report(spans.length, code === ExportResultCode.SUCCESS, error);
      // The processor can do nothing but report a failure again.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private report(spans: number, succeeded: boolean, error: Error | undefined): void {
    if (succeeded) {
      if (this.dropped > 0) this.logger.info({ dropped: this.dropped }, "trace export works again");
      this.dropped = 0;
      return;
    }
    if (this.dropped === 0) {
      const reason = error?.message;
      this.logger.warn({ reason }, "trace export failed: spans are dropped until the collector accepts them");
    }
    this.dropped += spans;
  }
}
