import type { MutationProblem } from "@towerql/client";
import { type Command, Option } from "commander";
import { exitCodeOf, NotRepeatable, PartialFailure, UsageError } from "../failures.js";
import { printJson } from "../output.js";
import { type Session, sessionOf } from "../session.js";
import { maxWait } from "./max-wait.js";

interface Restore {
  readonly restored: {
    readonly vm: { readonly id: string; readonly name: string } | null;
    readonly task: { readonly id: string } | null;
    readonly errors: readonly MutationProblem[];
  };
}

const RESULT = "vm { id name } task { id } errors { code message }";
const REBUILD = `mutation Rebuild($snapshotId: ID!, $name: String!, $maxWaitSeconds: Int!) {
  restored: rebuildVmFromSnapshot(
    input: { snapshotId: $snapshotId, name: $name, onLocked: WAIT, maxWaitSeconds: $maxWaitSeconds }
  ) { ${RESULT} }
}`;
const ROLL_BACK = `mutation RollBack($snapshotId: ID!, $vmId: ID!, $maxWaitSeconds: Int!) {
  restored: rollbackVm(
    input: { snapshotId: $snapshotId, vmId: $vmId, onLocked: WAIT, maxWaitSeconds: $maxWaitSeconds }
  ) { ${RESULT} }
}`;

interface Options {
  readonly as?: string;
  readonly rollBack?: string;
  readonly maxWait: number;
}

/** Adds `towerql snapshot restore`. */
export function addRestore(snapshot: Command): void {
  snapshot
    .command("restore")
    .description("Restore a snapshot: as a new VM, or by rolling its VM back.")
    .argument("<id>", "id of the snapshot")
    .addOption(new Option("--as <name>", "name of the new VM, which no VM has yet").conflicts("rollBack"))
    .option("--roll-back <vm>", "name or id of the snapshot's VM: what was written since is lost")
    .addOption(maxWait())
    .addHelpText(
      "after",
      `
After exit code 4 or an interruption, do not simply run it again: that may restore a second time. With --as, look for the VM; with
--roll-back, look at the VM's tasks in CloudTower. If the restore is there, it was done, or is being done.`,
    )
    .action(async (snapshotId: string, { as, rollBack, maxWait }: Options, command: Command) => {
      const session = sessionOf(command);
      const restore = async (text: string, target: object, advice: string) => {
        try {
          report(session, await session.mutateLocked<Restore>(text, { snapshotId, ...target }, maxWait));
        } catch (error) {
          throw exitCodeOf(error) === 4 ? new NotRepeatable(advice, { cause: error }) : error;
        }
      };
      if (rollBack !== undefined) {
        const vmId = await session.vmId(rollBack);
        await restore(
          ROLL_BACK,
          { vmId },
          `The VM ${rollBack} may have been rolled back, or may still be. Look at its tasks in CloudTower before you run this again: a second rollback loses what was written since the first.`,
        );
      } else if (as !== undefined) {
        await refuseTaken(session, as);
        await restore(
          REBUILD,
          { name: as },
          `The VM "${as}" may have been made, or may still be. Look for it, or for its task in CloudTower, before you run this again: that may make a second VM.`,
        );
      } else throw new UsageError("Give --as NAME or --roll-back VM.");
    });
}

const NAMED = "query Named($name: String!) { vms(filter: { name: { eq: $name } }, first: 1) { nodes { id } } }";

interface Named {
  readonly vms: { readonly nodes: readonly { readonly id: string }[] };
}

/** A VM of the name may be what an earlier run of the same command has made. */
async function refuseTaken({ client, signal }: Session, name: string): Promise<void> {
  const [vm] = (await client.query<Named>(NAMED, { name }, { signal })).vms.nodes;
  if (vm === undefined) return;
  throw new Error(
    `A VM is named "${name}" already: ${vm.id}. An earlier restore may have made it. Nothing was sent; for another VM give another name.`,
  );
}

/** @throws PartialFailure if it was refused, or its outcome is unknown. */
function report({ json }: Session, { restored }: Restore): void {
  const { vm, task, errors } = restored;
  if (json) printJson(restored);
  for (const { message } of errors) console.error(message);
  if (errors.length > 0) throw new PartialFailure(errors);
  if (!json) console.log(`${vm?.name ?? ""} ${vm?.id ?? ""} ${task?.id ?? ""}`.trim());
}
