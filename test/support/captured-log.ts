import { type Logger, pino } from "pino";

/** A log that is kept in memory. */
export interface CapturedLog {
  readonly logger: Logger;
  /** Every line so far, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** Every line so far, as written. */
  readonly text: () => string;
}

/** A logger for one test. */
export function captureLog(level = "info"): CapturedLog {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines, text: () => lines.map((line) => JSON.stringify(line)).join("\n") };
}
