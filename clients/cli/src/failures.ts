import { isTowerQLError } from "@towerql/client";
import { CommanderError } from "commander";

/** Something that the command was given cannot be used. */
export class UsageError extends Error {}

/** What was looked for was found: the message was printed already. */
export class Alarm extends Error {}

/** What was asked for was done in part: its message was printed already. */
export class PartialFailure extends Error {}

/** Exit code of an error; README.md lists them. */
export function exitCodeOf(error: unknown): number {
  // Help and version end with 0; all else that commander throws is wrong usage.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) return 2;
  if (error instanceof Alarm) return 5;
  if (!isTowerQLError(error)) return isInterruption(error) ? 130 : 1;
  if (error.kind === "UNREACHABLE") return 3;
  return error.kind === "OUTCOME_UNKNOWN" ? 4 : 1;
}

/** What to print; undefined if it was printed already. */
export function messageOf(error: unknown): string | undefined {
  if (error instanceof CommanderError || error instanceof PartialFailure || error instanceof Alarm) return undefined;
  if (isInterruption(error)) return "interrupted";
  const message = error instanceof Error ? error.message : String(error);
  if (!isTowerQLError(error)) return message;
  switch (error.kind) {
    case "UNREACHABLE":
      return `The gateway cannot be reached: ${message}`;
    case "CURSOR_EXPIRED":
      return `${message}\nGo on with: towerql events --after ${error.oldest}`;
    case "GRAPHQL":
      return error.requestId === undefined ? message : `${message} (request ${error.requestId})`;
    default:
      return message;
  }
}

/** The reason of the signal that the interrupt key aborts. */
export class Interrupted extends Error {}

function isInterruption(error: unknown): boolean {
  return error instanceof Interrupted;
}
