import { type Logger, pino } from "pino";
import type { SentWrite, WriteRecord } from "../upstream/observer.js";
import { AuditFile } from "./audit-file.js";
import { createLogger } from "./log.js";
import type { Observer } from "./observer.js";

/**
 * The log of the writes: two JSON lines for each write that is sent, one before and one when it has ended or was given up, at every
 * LOG_LEVEL. If the process is killed in between, the first is there alone. Lives as long as the process.
 */
export class AuditLog implements Pick<Observer, "writeSent" | "writeEnded"> {
  constructor(
    private readonly lines: Logger,
    private readonly file?: AuditFile,
  ) {}

  /** Number of lines that did not get into the file. */
  get failures(): number {
    return this.file?.failures ?? 0;
  }

  writeSent(write: SentWrite): void {
    this.lines.info({ audit: true, ...write, outcome: "sent" }, "write");
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
