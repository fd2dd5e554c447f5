import { ID, Int } from "type-graphql";
import type { Context } from "../context.js";
import { DEFAULT_ORPHANS, MAX_ORPHANS, type OrphanArguments, orphanSnapshots } from "../flows/reaper/orphans.js";
import { OrphanSnapshotPage } from "../flows/reaper/orphans.types.js";
import { DateTimeScalar } from "../graph/model/scalars.js";
import type { RootField } from "../graph/schema/root-fields.js";

/** Calls of a page besides those for its LUN snapshots: snapshots, labels, tasks. */
const PAGE_CALLS = 3;
/** Snapshots whose LUN snapshots are found with one call, if each has five disks. */
const SNAPSHOTS_PER_CALL = 100;

/** `Query.orphanSnapshots`. */
export const orphansField: RootField<Context> = {
  name: "orphanSnapshots",
  type: () => OrphanSnapshotPage,
  nullable: true,
  description:
    "Snapshots that may have been left behind: without a lease or with one that has expired, taken by no plan, and in use by no task. With `owner`, only those with an expired lease of that owner.",
  lookupCalls: ({ first }) => PAGE_CALLS + Math.ceil(Number(first ?? DEFAULT_ORPHANS) / SNAPSHOTS_PER_CALL),
  args: {
    olderThan: { type: () => DateTimeScalar, description: "Only snapshots that were taken before this time." },
    owner: { type: () => String, nullable: true, description: "Owner of the expired leases; all if omitted." },
    first: {
      type: () => Int,
      defaultValue: DEFAULT_ORPHANS,
      description: `Maximum number of snapshots to look at, 1 to ${MAX_ORPHANS}.`,
    },
    after: { type: () => ID, nullable: true, description: "`endCursor` of the page before." },
  },
  resolve: (_, args: OrphanArguments, { session }) => orphanSnapshots(session, args),
};
