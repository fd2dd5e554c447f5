import { type Command, InvalidArgumentError } from "commander";
import { Alarm, NotFound } from "../failures.js";
import { printJson, printTable } from "../output.js";
import { type Session, sessionOf } from "../session.js";
import { positive } from "./vms.js";

const STATES = ["UNKNOWN", "UNPROTECTED", "STALE", "PROTECTED"] as const;
type State = (typeof STATES)[number];

interface ProtectedVm {
  readonly id: string;
  readonly name: string;
  readonly cluster: { readonly name: string | null } | null;
  readonly protection: {
    readonly newestCopyAt: string | null;
    readonly newestCopyKind: string | null;
    readonly reasons: readonly { readonly code: string; readonly message: string }[];
  } | null;
}

interface Cluster {
  readonly cluster: { readonly id: string; readonly name: string | null } | null;
  readonly protected: number;
  readonly stale: number;
  readonly unprotected: number;
  readonly unknown: number;
}

interface Summary {
  readonly protectionSummary: {
    readonly checkedAt: string;
    readonly vmCount: number;
    readonly byCluster: readonly Cluster[];
  } & { readonly [S in State]?: readonly ProtectedVm[] };
}

interface Options {
  readonly olderThan: number;
  readonly cluster?: string;
  readonly state: readonly State[];
  readonly limit: number;
  readonly failOn?: readonly State[];
}

/** Adds `towerql protection`. */
export function addProtection(program: Command): void {
  program
    .command("protection")
    .description("Show which VMs have a recent snapshot, restore point or replica, and which have not.")
    .option("--older-than <time>", "age beyond which a copy is old, such as 26h, 90m or 3d", seconds, 26 * 3600)
    .option("--cluster <name>", "only VMs of the cluster with this name")
    .option("--state <states>", "list VMs in these states, such as stale,unknown", states, [
      "UNKNOWN",
      "UNPROTECTED",
      "STALE",
    ])
    .option("--limit <number>", "list at most so many VMs in each state", positive, 100)
    .option("--fail-on <states>", "exit with 5 if there are VMs in one of these states", states)
    .action(async ({ olderThan, cluster, state, limit, failOn = [] }: Options, command: Command) => {
      const session = sessionOf(command);
      const { client, json, signal } = session;
      if (cluster !== undefined) await checkCluster(session, cluster);
      const filter = cluster === undefined ? null : { cluster: { name: { eq: cluster } } };
      const variables = { olderThan, filter, first: Math.min(limit, 5000) };
      const { protectionSummary: found } = await client.query<Summary>(queryFor(state), variables, { signal });
      if (json) printJson(found);
      else print(found, state, limit);
      const total = (of: State) => found.byCluster.reduce((sum, each) => sum + each[COUNTERS[of]], 0);
      if (failOn.some((of) => total(of) > 0)) throw new Alarm();
    });
}

const NAMED = "query Named($name: String!) { clusters(filter: { name: { eq: $name } }, first: 1) { nodes { id } } }";

interface Named {
  readonly clusters: { readonly nodes: readonly object[] };
}

/** A mistyped name would look like a cluster in which all is well. */
async function checkCluster({ client, signal }: Session, name: string): Promise<void> {
  const { nodes } = (await client.query<Named>(NAMED, { name }, { signal })).clusters;
  if (nodes.length === 0) throw new NotFound(`No cluster is named ${name}.`);
}

const COUNTERS = { PROTECTED: "protected", STALE: "stale", UNPROTECTED: "unprotected", UNKNOWN: "unknown" } as const;

function queryFor(shown: readonly State[]): string {
  const vm =
    "id name cluster { name } protection(olderThanSeconds: $olderThan) { newestCopyAt newestCopyKind reasons { code message } }";
  const lists = shown.map((state) => `${state}: vms(state: ${state}, first: $first) { ${vm} }`);
  return `query Protection($olderThan: Int!, $filter: VmFilter, $first: Int!) {
  protectionSummary(olderThanSeconds: $olderThan, filter: $filter) {
    checkedAt vmCount byCluster { cluster { id name } protected stale unprotected unknown }
    ${lists.join("\n    ")}
  }
}`;
}

function print({ byCluster, ...lists }: Summary["protectionSummary"], shown: readonly State[], limit: number): void {
  printTable(
    ["cluster", "protected", "stale", "unprotected", "unknown"],
    byCluster.map((each) => [each.cluster?.name ?? null, each.protected, each.stale, each.unprotected, each.unknown]),
  );
  const rows = shown.flatMap((state) =>
    (lists[state] ?? []).map(({ name, cluster, protection, id }) => [
      name,
      cluster?.name ?? null,
      state,
      protection?.newestCopyAt ?? null,
      protection?.newestCopyKind ?? null,
      [...new Set(protection?.reasons.map(({ code }) => code))].join(" ") || null,
      id,
    ]),
  );
  if (rows.length > 0) {
    console.log();
    printTable(["vm", "cluster", "state", "newest copy", "kind", "why", "id"], rows);
  }
  if (shown.some((state) => lists[state]?.length === limit))
    console.error(`There may be more than ${limit}: see --limit.`);
}

/** A time such as 26h, in seconds. */
function seconds(text: string): number {
  const [, number = "", unit = ""] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const factor = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  if (factor !== undefined && Number(number) > 0) return Number(number) * factor;
  throw new InvalidArgumentError("It must be a number with s, m, h or d, such as 26h.");
}

function states(text: string): readonly State[] {
  const given = text.toUpperCase().split(",");
  const wrong = given.find((state) => !(STATES as readonly string[]).includes(state));
  if (wrong === undefined) return [...new Set(given)] as State[];
  throw new InvalidArgumentError(`It must be a list of ${STATES.join(", ").toLowerCase()}.`);
}
