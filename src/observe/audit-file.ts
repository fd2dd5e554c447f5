import { appendFileSync, closeSync, openSync } from "node:fs";
import type { Logger } from "pino";
import { asError } from "../kernel/errors.js";

/**
 * A file of audit lines, of which each is written before `write` returns.
 *
 * Writes to CloudTower go on if it can no longer be written, for instance because the disk is full: a night without backups would be
 * worse. The lines then go to standard output, marked with the reason, so that none is lost silently.
 */
export class AuditFile {
  private descriptor: number;
  /** Whether the last line in the file may be incomplete. */
  private isTorn = false;
  private failureCount = 0;
  private isFailing = false;

  /**
   * @param standardOutput gets the lines that the file does not.
   * @throws the system's error if the file cannot be opened.
   */
  constructor(
    private readonly path: string,
    private readonly logger: Logger,
    private readonly standardOutput: Logger,
  ) {
    this.descriptor = openSync(path, "a", 0o640);
  }

  /** Number of lines that did not get into the file. */
  get failures(): number {
    return this.failureCount;
  }

  /** Appends a line, which ends with a line break. Never throws. */
  write(line: string): void {
    try {
      appendFileSync(this.descriptor, this.isTorn ? `\n${line}` : line);
      this.isTorn = false;
      if (this.isFailing) this.logger.warn({ failures: this.failureCount }, "the audit log can be written again");
      this.isFailing = false;
    } catch (error) {
      this.failed(line, asError(error));
    }
  }

  /** Opens the file again under its path. If that fails, the open one stays in use. */
  reopen(): void {
    try {
      const descriptor = openSync(this.path, "a", 0o640);
      closeSync(this.descriptor);
      this.descriptor = descriptor;
      this.isTorn = false;
    } catch (error) {
      this.logger.error({ err: error }, "AUDIT_LOG cannot be opened again: the file that is open stays in use");
    }
  }

  private failed(line: string, error: Error): void {
    this.isTorn = true;
    this.failureCount += 1;
    const { time: _, level: __, service: ___, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
    this.standardOutput.error({ ...fields, auditFailure: error.message }, String(msg));
    if (!this.isFailing) {
      this.logger.error(
        { err: error },
        "the audit log cannot be written: its lines go to standard output, writes go on",
      );
    }
    this.isFailing = true;
  }
}
