import { type Logger, pino } from "pino";
import type { CircuitState } from "../upstream/circuit.js";
import type { UpstreamObserver, WriteRecord } from "../upstream/observer.js";
import type { FinishedOperation, OperationObserver } from "./operation-record.js";

/** Names under which nothing is ever logged, whoever puts it into a line. */
const SECRET = ["authorization", "token", "password", "secret", "apiKey", "apiKeys", "cookie"];

/** The process's logger: JSON, a line each, to the standard output. */
export function createLogger(level: string): Logger {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: "***" }, base: { service: "towerql" } });
}

/** One line for each operation, one (`audit`) for each write, and one for each change of the circuit. */
export class OperationLog implements OperationObserver, Pick<UpstreamObserver, "writeEnded" | "circuitChanged"> {
  constructor(private readonly logger: Logger) {}

  finished(operation: FinishedOperation): void {
    const { name, kind, transport, caller, requestId, outcome, codes, calls, cost, events, milliseconds } = operation;
    const line = {
      requestId,
      operation: name ?? "anonymous",
      kind,
      transport,
      caller,
      outcome,
      ...(codes.length > 0 && { codes: [...new Set(codes)] }),
      milliseconds: rounded(milliseconds),
      upstreamCalls: calls,
      cost,
      ...(kind === "subscription" && { events }),
    };
    this.logger.info(line, "operation");
  }

  writeEnded(write: WriteRecord): void {
    const level = write.outcome === "unknown" ? "warn" : "info";
    this.logger[level]({ audit: true, ...write, milliseconds: rounded(write.milliseconds) }, "write");
  }

  circuitChanged(state: CircuitState): void {
    if (state === "open") this.logger.warn({ circuit: state }, "CloudTower does not answer: calls are refused at once");
    if (state === "closed") this.logger.info({ circuit: state }, "CloudTower answers again");
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
