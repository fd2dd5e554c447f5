import { type Logger, pino } from "pino";
import type { CircuitState, WriteRecord } from "../upstream/observer.js";
import { type FinishedOperation, type Observer, outcomeOf, type RefusedRequest } from "./observer.js";

/** Names under which nothing is ever logged, whoever puts it into a line. */
const SECRET = ["authorization", "token", "password", "secret", "apiKey", "apiKeys", "cookie"];

const LONGEST_NAME = 100;

/** The process's logger: JSON, a line each, to the standard output. */
export function createLogger(level: string): Logger {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: "***" }, base: { service: "towerql" } });
}

/** One line for each operation or refusal, one (`audit`) for each write, and one for each change of the circuit. */
export class OperationLog implements Omit<Observer, "callEnded"> {
  constructor(private readonly logger: Logger) {}

  finished({
    transport,
    type,
    name,
    client,
    requestId,
    milliseconds,
    cost,
    upstream,
    codes,
    left,
  }: FinishedOperation): void {
    const line = {
      requestId,
      operation: name?.slice(0, LONGEST_NAME) ?? "anonymous",
      type,
      transport,
      client,
      outcome: outcomeOf({ codes, left }),
      ...(codes.length > 0 && { codes }),
      milliseconds: rounded(milliseconds),
      upstreamCalls: upstream.calls,
      upstreamMilliseconds: rounded(upstream.milliseconds),
      cost,
    };
    this.logger.info(line, "operation");
  }

  refused(request: RefusedRequest): void {
    this.logger.info({ ...request, outcome: "refused" }, "refused");
  }

  writeEnded(write: WriteRecord): void {
    const level = write.outcome === "unknown" ? "warn" : "info";
    const { endpoint: operation, milliseconds, ...line } = write;
    this.logger[level]({ audit: true, operation, ...line, milliseconds: rounded(milliseconds) }, "write");
  }

  circuitChanged(state: CircuitState): void {
    if (state === "open") this.logger.warn({ circuit: state }, "CloudTower does not answer: calls are refused at once");
    if (state === "closed") this.logger.info({ circuit: state }, "CloudTower answers again");
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
