import type { CallOptions, Calls } from "./calls.js";
import {
  GraphQLFailure,
  HttpError,
  type MutationProblem,
  OutcomeUnknownError,
  RefusedError,
  UnreachableError,
} from "./errors.js";
import { Lost } from "./gateway.js";

/** How consistent a snapshot is: as after a power failure, or with the guest's file systems flushed. */
export type Consistency = "CRASH_CONSISTENT" | "FILE_SYSTEM_CONSISTENT";

/** A snapshot to take. */
export interface SnapshotRequest {
  /** Id of the VM, global or bare. */
  readonly vmId: string;
  /** 1 to 255 characters. VM and name identify the snapshot: the same call finds the same snapshot, whatever happened in between. */
  readonly name: string;
  /** @default "CRASH_CONSISTENT" */
  readonly consistency?: Consistency;
  /** What to do if `FILE_SYSTEM_CONSISTENT` is asked for and the guest tools are not running. @default "FAIL" */
  readonly onToolsNotRunning?: "FAIL" | "CRASH_CONSISTENT";
}

/** How snapshots are taken. */
export interface TakeOptions extends CallOptions {
  /** Snapshots under way at a time, 1 to 100. @default 20 */
  readonly maxAtOnce?: number;
  /** How long the gateway waits for a lock on a VM before it says so, in seconds, 0 to 300; the call is then repeated. @default 120 */
  readonly maxWaitSeconds?: number;
  /** Lease to put on each snapshot. @default none */
  readonly lease?: SnapshotLease;
}

/** Until a lease expires its snapshot is in use; after that the gateway may delete it: docs/protection.md. */
export interface SnapshotLease {
  /** Such as the name of a backup job: 1 to 63 letters, digits and `-._`. */
  readonly owner: string;
  /** Duration from the call, in seconds, rounded up to the next quarter of an hour. */
  readonly seconds: number;
}

/** A snapshot that exists. It is usable once `waitUntilReady` says so. */
export interface TakenSnapshot {
  /** Global id of the snapshot. */
  readonly id: string;
  readonly name: string;
  readonly consistency: Consistency | null;
  /** True if this call created it, false if it existed; null if a response was lost, so that nobody knows. */
  readonly created: boolean | null;
  /** Global id of the task that creates it; null if CloudTower no longer has it. */
  readonly taskId: string | null;
  /** Ids of further snapshots with this VM and name. Keep one and delete the rest. */
  readonly duplicates: readonly string[];
}

/** Failures that a repetition of the same call resolves; docs/errors.md. */
const REPEATABLE = new Set([
  "RESOURCE_LOCKED",
  "WRITE_OUTCOME_UNKNOWN",
  "WRITE_QUEUED",
  "WRITE_NOT_SENT",
  "GATEWAY_STOPPING",
  "COORDINATION_UNAVAILABLE",
  "UPSTREAM_FAILED",
  "SNAPSHOT_UNMATCHED",
  // Of a lease: CloudTower does not show the new snapshot yet, or its labels.
  "SNAPSHOT_NOT_FOUND",
  "LEASE_UNCHANGED",
]);
/** Of these, that the VM is in use: the gateway and CloudTower were reached. */
const IN_USE = new Set(["RESOURCE_LOCKED", "WRITE_QUEUED"]);
const DOUBTFUL = new Set(["WRITE_OUTCOME_UNKNOWN", "SNAPSHOT_UNMATCHED"]);

const MUTATION = `mutation TakeSnapshots($input: CreateVmSnapshotsInput!) {
  createVmSnapshots(input: $input) {
    errors { code message }
    results { created consistency snapshot { id name } task { id } duplicates { id } errors { code message ... on LeaseNotSetError { reason { code } } } }
  }
}`;

interface Outcome {
  readonly created: boolean;
  readonly consistency: Consistency | null;
  readonly snapshot: { readonly id: string; readonly name: string } | null;
  readonly task: { readonly id: string } | null;
  readonly duplicates: readonly { readonly id: string }[];
  readonly errors: readonly OutcomeProblem[];
}

/** With the reason why a lease was not set. */
interface OutcomeProblem extends MutationProblem {
  readonly reason?: { readonly code: string };
}

interface Payload {
  readonly createVmSnapshots: {
    readonly errors: readonly MutationProblem[];
    readonly results: readonly Outcome[];
  } | null;
}

type Settled = PromiseSettledResult<TakenSnapshot>;

/** Takes snapshots, at most `maxAtOnce` at a time, and repeats each until its outcome is known. In the order of the requests. */
export async function takeSnapshots(
  calls: Calls,
  requests: readonly SnapshotRequest[],
  options: TakeOptions = {},
): Promise<Settled[]> {
  const { maxAtOnce = 20 } = options;
  const settled: Settled[] = [];
  for (let at = 0; at < requests.length; at += maxAtOnce) {
    settled.push(...(await takeBatch(calls, requests.slice(at, at + maxAtOnce), options)));
  }
  return settled;
}

/** A request on its way to its outcome. */
interface Item {
  readonly request: SnapshotRequest;
  /** An earlier attempt may have created the snapshot, and nobody knows. */
  doubtful: boolean;
  /** An earlier attempt created it for certain. */
  created: boolean;
  problem?: Error;
  /** The snapshot exists; its lease was not set. */
  unleased?: RefusedError;
  settled?: Settled;
}

async function takeBatch(calls: Calls, requests: readonly SnapshotRequest[], options: TakeOptions): Promise<Settled[]> {
  const { signal, maxWaitSeconds = 120, lease } = options;
  const items = requests.map((request): Item => ({ request, doubtful: false, created: false }));
  const patience = calls.patience(signal);
  for (;;) {
    const open = firstOfEachVm(items.filter(({ settled }) => settled === undefined));
    if (open.length === 0) break;
    const input = { snapshots: open.map(({ request }) => request), onLocked: "WAIT", maxWaitSeconds, lease };
    let retryAfterMs = 0;
    try {
      const { createVmSnapshots: payload } = await calls.mutate<Payload>(
        MUTATION,
        { input },
        { signal, waitSeconds: maxWaitSeconds },
      );
      for (const [index, item] of open.entries()) settle(item, payload?.results[index], payload?.errors ?? []);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof Lost) retryAfterMs = error.retryAfterMs;
      for (const item of open) settleFailed(item, error as Error);
    }
    // Further snapshots of the same VMs follow immediately.
    if (open.every(({ settled }) => settled !== undefined)) continue;
    if (await patience.another(retryAfterMs)) continue;
    for (const item of items) item.settled ??= rejected(gaveUp(item));
    break;
  }
  return items.map(({ settled }) => settled as Settled);
}

/** A call takes one snapshot of each VM. */
function firstOfEachVm(items: readonly Item[]): Item[] {
  const vms = new Set<string>();
  return items.filter(({ request: { vmId } }) => {
    const id = vmId.replace(/^Vm:/, "");
    return !vms.has(id) && vms.add(id);
  });
}

function settle(item: Item, outcome: Outcome | undefined, problems: readonly MutationProblem[]): void {
  const errors: readonly OutcomeProblem[] = outcome?.errors ?? problems;
  item.created ||= outcome?.created ?? false;
  item.doubtful ||= errors.some(({ code }) => DOUBTFUL.has(code));
  const fatal = errors.filter(({ code, reason }) => !REPEATABLE.has(reason?.code ?? code));
  const unleased = errors.filter(({ code }) => code === "LEASE_NOT_SET");
  if (fatal.length > 0) item.settled = rejected(refused(item, new RefusedError(fatal)));
  else if (unleased.length > 0) item.unleased = new RefusedError(unleased);
  else if (outcome?.snapshot) item.settled = { status: "fulfilled", value: taken(item, outcome, outcome.snapshot) };
  else item.problem = new RefusedError(errors);
}

function settleFailed(item: Item, error: Error): void {
  if (error instanceof Lost) {
    item.doubtful ||= !error.refused;
    item.problem = error;
  } else if (error instanceof GraphQLFailure && /^(UPSTREAM_|RATE_LIMITED)/.test(error.code ?? "")) {
    item.problem = error;
  } else if (error instanceof GraphQLFailure || error instanceof HttpError) {
    item.settled = rejected(refused(item, error));
  } else {
    throw error;
  }
}

function taken(item: Item, outcome: Outcome, { id, name }: { id: string; name: string }): TakenSnapshot {
  return {
    id,
    name,
    consistency: outcome.consistency,
    created: item.created || (item.doubtful ? null : false),
    taskId: outcome.task?.id ?? null,
    duplicates: outcome.duplicates.map((duplicate) => duplicate.id),
  };
}

function gaveUp({ doubtful, problem, request, unleased }: Item): Error {
  if (unleased) return unleased;
  if (!doubtful && problem instanceof RefusedError && IN_USE.has(problem.code)) return problem;
  if (!doubtful) return new UnreachableError(problem?.message ?? "", { cause: problem });
  return outcomeUnknown(request, "Take it again under the same name.", problem);
}

/** What a refusal says of this attempt alone: one before it may have created the snapshot. */
function refused({ doubtful, request }: Item, refusal: Error & { readonly code?: string | undefined }): Error {
  // It exists: only its lease was refused.
  if (!doubtful || refusal.code === "LEASE_NOT_SET") return refusal;
  const advice = `A repetition was refused: ${refusal.message} Look for the snapshot by its name.`;
  return outcomeUnknown(request, advice, refusal);
}

function outcomeUnknown({ vmId, name }: SnapshotRequest, advice: string, cause: unknown): OutcomeUnknownError {
  const message = `Whether the snapshot "${name}" of ${vmId} was created is not known. ${advice}`;
  return new OutcomeUnknownError(message, { cause, mayExist: { vmId, name } });
}

function rejected(reason: Error): Settled {
  return { status: "rejected", reason };
}
