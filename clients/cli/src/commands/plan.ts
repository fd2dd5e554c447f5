import type { Command } from "commander";
import { NotFound } from "../failures.js";
import { printJson, printTable, size } from "../output.js";
import { sessionOf } from "../session.js";

interface Plan {
  readonly vm: {
    readonly incrementalPlan: {
      readonly disks: readonly {
        readonly mode: string;
        readonly reason: string | null;
        readonly explanation: string;
        readonly baseZbsId: string | null;
        readonly targetZbsId: string;
        readonly disk: { readonly index: number; readonly sizeBytes: number | null };
      }[];
    } | null;
  } | null;
}

const PLAN = `query Plan($vmId: ID!, $since: ID!, $to: ID!) {
  vm(id: $vmId) {
    incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) {
      disks { mode reason explanation baseZbsId targetZbsId disk { index sizeBytes } }
    }
  }
}`;

/** Adds `towerql plan`. */
export function addPlan(program: Command): void {
  program
    .command("plan")
    .description("Show what to read of each disk for an incremental backup from one snapshot to another.")
    .argument("<vm>", "name or id of the VM")
    .requiredOption("--since <id>", "the earlier snapshot")
    .requiredOption("--to <id>", "the later snapshot")
    .action(async (name: string, { since, to }: { since: string; to: string }, command: Command) => {
      const { client, json, signal, vmId } = sessionOf(command);
      const { vm } = await client.query<Plan>(PLAN, { vmId: await vmId(name), since, to }, { signal });
      const plan = vm?.incrementalPlan;
      if (!plan) throw new NotFound(`No VM has the id ${name}.`);
      if (json) return printJson(plan.disks);
      printTable(
        ["disk", "size", "read", "base", "target", "why"],
        plan.disks.map(({ disk, mode, baseZbsId, targetZbsId, reason, explanation }) => [
          disk.index,
          size(disk.sizeBytes),
          mode,
          baseZbsId,
          targetZbsId,
          reason === null ? null : explanation,
        ]),
      );
    });
}
