import type { Command } from "commander";
import { printJson, printTable, size } from "../output.js";
import { sessionOf } from "../session.js";
import { positive } from "./vms.js";

interface Orphan {
  readonly reason: string;
  readonly uniqueSizeBytes: number | null;
  readonly snapshot: {
    readonly id: string;
    readonly name: string;
    readonly createdAt: string | null;
    readonly vm: { readonly name: string } | null;
    readonly lease: { readonly owner: string | null } | null;
  };
}

interface Page {
  readonly orphanSnapshots: { readonly nodes: readonly Orphan[]; readonly endCursor: string | null };
}

const ORPHANS = `query Orphans($olderThan: DateTime!, $owner: String, $after: ID) {
  orphanSnapshots(olderThan: $olderThan, owner: $owner, first: 100, after: $after) {
    endCursor
    nodes { reason uniqueSizeBytes snapshot { id name createdAt vm { name } lease { owner } } }
  }
}`;
const DAY_MS = 86_400_000;

interface Options {
  readonly owner?: string;
  readonly olderThanDays: number;
  readonly limit: number;
}

/** Adds `towerql orphans`. */
export function addOrphans(program: Command): void {
  program
    .command("orphans")
    .description("List snapshots that may have been left behind: without a lease, or with one that has expired.")
    .option("--owner <owner>", "only those with an expired lease of this owner")
    .option("--older-than-days <number>", "only those that were taken at least so many days ago", positive, 1)
    .option("--limit <number>", "at most so many", positive, 100)
    .action(async ({ owner, olderThanDays, limit }: Options, command: Command) => {
      const { client, json, signal } = sessionOf(command);
      const olderThan = new Date(Date.now() - olderThanDays * DAY_MS).toISOString();
      const orphans: Orphan[] = [];
      let after: string | null = null;
      do {
        const page: Page = await client.query<Page>(ORPHANS, { olderThan, owner: owner ?? null, after }, { signal });
        orphans.push(...page.orphanSnapshots.nodes);
        after = page.orphanSnapshots.endCursor;
      } while (after !== null && orphans.length < limit);
      const more = after !== null || orphans.length > limit;
      const shown = orphans.slice(0, limit);
      if (json) printJson(shown);
      else {
        printTable(
          ["vm", "name", "taken at", "reason", "owner", "unique size", "id"],
          shown.map(({ snapshot, reason, uniqueSizeBytes }) => [
            snapshot.vm?.name ?? null,
            snapshot.name,
            snapshot.createdAt,
            reason,
            snapshot.lease?.owner ?? null,
            size(uniqueSizeBytes),
            snapshot.id,
          ]),
        );
      }
      if (more) console.error("There may be more: see --limit.");
    });
}
