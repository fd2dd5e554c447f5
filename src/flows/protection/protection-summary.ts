import { Int } from "type-graphql";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { relationResolver } from "../../graph/loading/relation-resolver.js";
import type { LoadedRelation } from "../../graph/relations/relation.js";
import { computedField } from "../../graph/schema/computed-field.js";
import type { RootField } from "../../graph/schema/root-fields.js";
import { badInput } from "../../kernel/errors.js";
import { indexByKey } from "../../kernel/group.js";
import { Cluster } from "../../resources/cluster/cluster.type.js";
import { Vm, vmList } from "../../resources/vm/vm.type.js";
import { ColumnGuard, Columns } from "../../upstream/columns.js";
import { readByIds, readFittingPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row, Where } from "../../upstream/wire/types.js";
import { ProtectionState } from "./protection.types.js";
import { FACT_CALLS, JUDGED_COLUMNS } from "./protection-facts.js";
import { ClusterProtection, ProtectionSummary } from "./protection-summary.types.js";
import { limitMs, olderThanSeconds, protectionOf } from "./vm-protection.js";

/** Maximum number of VMs of one summary. */
const MAX_VMS = 5_000;
/** Upper bound of the calls of a summary with the default settings: the VMs, and the facts of ten batches. */
const SUMMARY_CALLS = 1 + (MAX_VMS / 500) * FACT_CALLS;

/** `Query.protectionSummary`. */
export const protectionSummaryField: RootField = {
  name: "protectionSummary",
  type: () => ProtectionSummary,
  nullable: true,
  description:
    "Which VMs have a recent copy, by cluster. At most 5000 VMs: with more, pass a `filter`, such as one cluster at a time.",
  args: {
    olderThanSeconds,
    filter: {
      type: () => vmList.filter.input,
      nullable: true,
      description: "VMs that match these conditions; all if omitted or null.",
    },
  },
  lookupCalls: () => SUMMARY_CALLS,
  async resolve(_, args: { olderThanSeconds: number; filter?: object | null }, { graph }) {
    const olderThanMs = limitMs(args.olderThanSeconds);
    const where = vmList.filter.toWhere(args.filter);
    const checkedAt = Date.now();
    const vms = (await judgedRows(graph.session, where)).map((row) => new Vm(row));
    const states = await Promise.all(vms.map((vm) => protectionOf(graph, vm, olderThanMs)));
    const judged = vms.map((vm, index) => ({ vm, state: (states[index] as (typeof states)[number]).state }));
    return new ProtectionSummary(judged, checkedAt);
  },
};

/** The rows of the VMs to judge. @throws TowerError BAD_USER_INPUT if there are too many. */
async function judgedRows(session: UpstreamSession, where: Where<"Vm"> | undefined): Promise<readonly Row<"Vm">[]> {
  const names = new Set<string>([...JUDGED_COLUMNS, "cluster", "internal"]);
  const thin = session.withColumns(new Columns("Vm", names, new ColumnGuard()));
  const rows: Row<"Vm">[] = [];
  const size = Math.min(session.options.rowsPerCall, MAX_VMS + 1);
  for (let last: string | undefined; ; ) {
    const after = last === undefined ? [] : [{ id_gt: last }];
    const clauses = [...(where === undefined ? [] : [where]), ...after];
    const page = await readFittingPage(thin, "Vm", {
      ...(clauses.length > 0 && { where: { AND: clauses } as Where<"Vm"> }),
      orderBy: "id_ASC",
      first: size,
    });
    rows.push(...page.rows.filter((row) => row?.id && row.in_recycle_bin !== true && row.internal !== true));
    if (rows.length > MAX_VMS) {
      const message = `A protectionSummary has at most ${MAX_VMS} VMs, and more match. Pass a filter, such as one cluster at a time.`;
      throw badInput(message);
    }
    last = page.rows.findLast((row) => row?.id)?.id;
    if (page.rows.length < page.first || last === undefined) return rows;
  }
}

/** ClusterProtection → the cluster. */
export const protectedCluster = computedField<ClusterProtection>({
  from: ClusterProtection,
  field: "cluster",
  calls: { perBatch: 1 },
  type: () => Cluster,
  nullable: true,
  description: "The cluster; null for VMs without one. Its id and name cost no call.",
  resolve({ anyVm }, args, context, info) {
    const relation = context.graph.registry.relation("Vm", "cluster") as LoadedRelation;
    return anyVm.row.cluster ? relationResolver(relation)(anyVm, args, context, info) : null;
  },
});

/** ProtectionSummary → the VMs in a state. */
export const summaryVms = computedField<ProtectionSummary, { state: ProtectionState; first: number }>({
  from: ProtectionSummary,
  field: "vms",
  calls: { perBatch: MAX_VMS / 500 },
  type: () => [Vm],
  nullable: true,
  description:
    "The VMs in a state, ordered by id. VMs that were deleted in the meantime are left out. `protection` of these VMs costs no further call.",
  args: {
    state: { type: () => ProtectionState, description: "The state." },
    first: { type: () => Int, defaultValue: 100, description: "Maximum number of VMs, 1 to 5000." },
  },
  async resolve({ judged }, { state, first }, { graph }) {
    if (!(first >= 1 && first <= MAX_VMS)) throw badInput(`first must be between 1 and ${MAX_VMS}, got ${first}.`);
    const ids = judged.flatMap((each) => (each.state === state ? [each.vm.cloudTowerId] : [])).slice(0, first);
    return wholeVms(graph, ids);
  },
});

async function wholeVms({ session }: GraphContext, ids: readonly string[]): Promise<readonly Vm[]> {
  if (ids.length === 0) return [];
  const rows = indexByKey(await readByIds(session, "Vm", ids), (row) => row.id);
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [new Vm(row)];
  });
}
