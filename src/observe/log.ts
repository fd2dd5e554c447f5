import { type Logger, pino } from "pino";
import { shorten } from "../kernel/text/shorten.js";
import type { CircuitState, UpstreamProblem } from "../upstream/observer.js";
import {
  type FinishedOperation,
  MAX_OPERATION_NAME_LENGTH,
  type Observer,
  outcomeOf,
  type RefusedRequest,
  type WatchFailure,
  type WatchRecovery,
} from "./observer.js";

/** Fields whose values are redacted in every log line. */
const SECRET_FIELDS = ["authorization", "token", "password", "secret", "apiKey", "apiKeys", "cookie"];

const WITHOUT_REDIS =
  "Until it can, writes are refused, and rate limits and registered operations are those of this replica alone.";

/** Maximum number of nested causes in a line. */
const MAX_CAUSES = 4;

/** The process's logger: JSON lines on standard output. */
export function createLogger(level: string): Logger {
  const paths = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: "***" }, base: { service: "towerql" } });
}

/**
 * Logs one line per operation or refusal, one per change of what the gateway can use CloudTower or Redis for, and one when a watch loop
 * begins to fail or recovers. Writes have a log of their own.
 */
export class OperationLog
  implements
    Omit<Observer, "callEnded" | "writeSent" | "writeEnded" | "coordinated" | "webhookAttempted" | "webhookGaveUp">
{
  constructor(private readonly logger: Logger) {}

  finished({
    transport,
    type,
    name,
    client,
    requestId,
    traceId,
    milliseconds,
    cost,
    upstream,
    codes,
    left,
  }: FinishedOperation): void {
    const line = {
      requestId,
      ...(traceId !== undefined && { traceId }),
      operation: shorten(name ?? "anonymous", MAX_OPERATION_NAME_LENGTH),
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

  circuitChanged(state: CircuitState): void {
    if (state === "open")
      this.logger.warn({ circuit: state }, "CloudTower is not responding: calls are rejected immediately");
    if (state === "closed") this.logger.info({ circuit: state }, "CloudTower is responding again");
  }

  credentialChanged(problem: UpstreamProblem | undefined): void {
    if (problem === undefined) this.logger.info("CloudTower accepts the gateway's credential again");
    else this.logger.warn(causeOf(problem), problem.reason);
  }

  reachabilityChanged(problem: UpstreamProblem | undefined): void {
    if (problem === undefined) this.logger.info("CloudTower can be reached again");
    else this.logger.warn(causeOf(problem), problem.reason);
  }

  coordinationChanged(problem: UpstreamProblem | undefined): void {
    if (problem === undefined) this.logger.info("Redis can be used again");
    else this.logger.warn(causeOf(problem), `${problem.reason} ${WITHOUT_REDIS}`);
  }

  watchFailed({ first, message: reason, ...line }: WatchFailure): void {
    if (first) this.logger.warn({ ...line, reason }, "polling for subscriptions fails; it is repeated with pauses");
  }

  watchRecovered({ caller, milliseconds }: WatchRecovery): void {
    this.logger.info({ caller, milliseconds: rounded(milliseconds) }, "polling for subscriptions succeeds again");
  }
}

/** The messages below a problem: those of a response are already without secrets. */
function causeOf({ cause }: UpstreamProblem): { readonly cause?: string } {
  const messages: string[] = [];
  for (let error = cause; error instanceof Error && messages.length < MAX_CAUSES; error = error.cause) {
    messages.push(error.message);
  }
  return messages.length === 0 ? {} : { cause: messages.join(": ") };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
