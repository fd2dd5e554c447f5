import type { Logger } from "pino";
import { createExecute, type Execute } from "../../graph/plan/execute.js";

/** Executes operations; what only its log must know goes there. */
export function executor(logger: Logger): Execute {
  return createExecute((columns) =>
    logger.error(
      { columns },
      "fields of CloudTower's rows were read unforeseen; the answer was made again, please report it",
    ),
  );
}
