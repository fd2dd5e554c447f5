import type { MutationProblem } from "@towerql/client";
import type { Command } from "commander";
import { PartialFailure } from "../failures.js";
import { printJson } from "../output.js";
import { sessionOf } from "../session.js";
import { maxWait } from "./max-wait.js";

interface Deletion {
  readonly deleteVmSnapshots: {
    readonly errors: readonly MutationProblem[];
    readonly results: readonly { readonly inputId: string; readonly errors: readonly MutationProblem[] }[];
  };
}

const DELETE = `mutation Delete($ids: [ID!]!, $maxWaitSeconds: Int!) {
  deleteVmSnapshots(input: { ids: $ids, onLocked: WAIT, maxWaitSeconds: $maxWaitSeconds }) {
    errors { code message }
    results { inputId errors { code message } }
  }
}`;

/** Adds `towerql snapshot rm`. */
export function addRemove(snapshot: Command): void {
  snapshot
    .command("rm")
    .description("Delete snapshots. What is gone already counts as deleted.")
    .argument("<id...>", "ids of the snapshots")
    .addOption(maxWait())
    .action(async (ids: string[], { maxWait }: { maxWait: number }, command: Command) => {
      const { json, mutateLocked } = sessionOf(command);
      const { deleteVmSnapshots } = await mutateLocked<Deletion>(DELETE, { ids }, maxWait);
      if (json) printJson(deleteVmSnapshots);
      const gone = deleteVmSnapshots.results.filter(({ errors }) => errors.some(isGone));
      // It may also be mistyped.
      for (const { inputId } of gone) console.error(`${inputId}: there is no such snapshot.`);
      const failures = [
        ...deleteVmSnapshots.errors,
        ...deleteVmSnapshots.results.flatMap(({ errors }) => errors.filter((error) => !isGone(error))),
      ];
      for (const { message } of failures) console.error(message);
      if (failures.length > 0) throw new PartialFailure(failures);
      if (!json) console.log(`deleted: ${deleteVmSnapshots.results.length - gone.length}`);
    });
}

function isGone({ code }: MutationProblem): boolean {
  return code === "SNAPSHOT_NOT_FOUND";
}
