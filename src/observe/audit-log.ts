import { type Logger, pino } from "pino";
import type { WriteRecord } from "../upstream/observer.js";
import { AuditFile } from "./audit-file.js";
import { createLogger } from "./log.js";
import type { Observer } from "./observer.js";

/**
 * The log of the writes: one JSON line for each write that was sent, when it has ended or was given up, at every LOG_LEVEL. Lives as long
 * as the process.
 */
export class AuditLog implements Pick<Observer, "writeEnded"> {
  constructor(
    private readonly lines: Logger,
    private readonly file?: AuditFile,
  ) {}

  /** Number of lines that did not get into the file. */
  get failures(): number {
    return this.file?.failures ?? 0;
  }

  writeEnded({ milliseconds, ...write }: WriteRecord): void {
    const level = write.outcome === "unknown" ? "warn" : "info";
    this.lines[level]({ audit: true, ...write, milliseconds: Math.round(milliseconds * 10) / 10 }, "write");
  }

  /** Opens the file again, after it has been renamed. */
  reopen(): void {
    this.file?.reopen();
  }
}

/**
 * Opens the audit log.
 *
 * @param target `stdout`, or the path of a file.
 * @param logger learns of a file that can no longer be written.
 * @throws the system's error if the file cannot be opened.
 */
export function openAuditLog(target: string, logger: Logger): AuditLog {
  const standardOutput = createLogger("info");
  if (target === "stdout") return new AuditLog(standardOutput);
  const file = new AuditFile(target, logger, standardOutput);
  return new AuditLog(pino({ level: "info", base: { service: "towerql" } }, file), file);
}
