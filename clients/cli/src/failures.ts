import { isTowerQLError, type MutationProblem } from "@towerql/client";
import { CommanderError } from "commander";

/** Something that the command was given cannot be used. */
export class UsageError extends Error {}

/** What an argument names does not exist. */
export class NotFound extends Error {}

/** What was looked for was found: the message was printed already. */
export class Alarm extends Error {}

/** Error items of a mutation's payload: their messages were printed already. */
export class PartialFailure extends Error {
  constructor(readonly problems: readonly MutationProblem[]) {
    super();
  }
}

/** A write may have been done, and the same command again may do it a second time: what to do instead. The cause is what happened. */
export class NotRepeatable extends Error {}

/** Codes of error items after which a write may have been done; docs/errors.md. */
const DOUBTFUL = new Set(["WRITE_OUTCOME_UNKNOWN", "SNAPSHOT_UNMATCHED"]);

/** Exit code of an error; the help lists them. */
export function exitCodeOf(error: unknown): number {
  // Help and version end with 0; all else that commander throws is wrong usage.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) return 2;
  if (error instanceof Alarm) return 5;
  if (error instanceof PartialFailure) return error.problems.some(({ code }) => DOUBTFUL.has(code)) ? 4 : 1;
  if (error instanceof NotRepeatable) return 4;
  if (!isTowerQLError(error)) return isInterruption(error) ? 130 : 1;
  if (error.kind === "UNREACHABLE") return 3;
  return error.kind === "OUTCOME_UNKNOWN" ? 4 : 1;
}

/** What to print; undefined if it was printed already. */
export function messageOf(error: unknown): string | undefined {
  if (error instanceof CommanderError || error instanceof PartialFailure || error instanceof Alarm) return undefined;
  if (isInterruption(error)) return "interrupted";
  if (error instanceof NotRepeatable) return [messageOf(error.cause), error.message].filter(Boolean).join("\n");
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
