import { type GatewayOptions, startGateway, type TestGateway } from "./start.js";

/** Outcome of a snapshot mutation. */
export interface Outcome {
  readonly snapshot: {
    readonly id: string;
    readonly cloudTowerId: string;
    readonly name: string;
    readonly consistency: string;
    readonly asyncStatus: string | null;
  } | null;
  readonly duplicates: readonly { readonly cloudTowerId: string }[];
  readonly task: { readonly id: string; readonly cloudTowerId: string; readonly status: string } | null;
  readonly created: boolean;
  readonly ready: boolean | null;
  readonly vm: { readonly cloudTowerId: string } | null;
  readonly name: string;
  readonly askedConsistency: string;
  readonly consistency: string | null;
  readonly errors: readonly ErrorItem[];
}

/** An error item with the fields of all kinds. */
export interface ErrorItem {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly lockedResources?: readonly { readonly cloudTowerId: string; readonly type: string }[];
  readonly retryAfterSeconds?: number;
  readonly snapshots?: readonly { readonly cloudTowerId: string }[];
  readonly blockingTask?: { readonly cloudTowerId: string; readonly resourceMutation: string } | null;
}

export const ERRORS = `errors { __typename code message ... on ResourceLockedError {
  lockedResources { cloudTowerId type } blockingTask { cloudTowerId resourceMutation } }
  ... on WriteOutcomeUnknownError { retryAfterSeconds } ... on SnapshotUnmatchedError { snapshots { cloudTowerId } } }`;
export const OUTCOME = `snapshot { id cloudTowerId name consistency asyncStatus } duplicates { cloudTowerId } task { id cloudTowerId status }
  created ready vm { cloudTowerId } name askedConsistency consistency ${ERRORS}`;

const CREATE = `mutation Create($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) { ${OUTCOME} } }`;
const CREATE_MANY = `mutation CreateMany($input: CreateVmSnapshotsInput!) {
  createVmSnapshots(input: $input) { results { ${OUTCOME} } ${ERRORS} } }`;

/** A gateway that polls quickly, with the calls of a backup product. */
export interface Backup extends TestGateway {
  vmId(name: string): string;
  create(input: Record<string, unknown>, headers?: Record<string, string>): Promise<Outcome>;
  createMany(input: Record<string, unknown>): Promise<{ results: readonly Outcome[]; errors: readonly ErrorItem[] }>;
  /** Sends `createVmSnapshot`, to be aborted by its client. */
  abortableCreate(input: Record<string, unknown>): { readonly response: Promise<Response>; abort(): void };
  /** Holds the next response of an endpoint until the returned function is called. */
  hold(endpoint: string): () => void;
  /** Number of snapshots that a VM has upstream under a name. */
  snapshotsNamed(vmId: string, name: string): number;
  /** Number of times a write was sent. */
  writes(operation?: string): number;
}

/** Starts a gateway that verifies a lost write for one second. */
export async function startBackup(options: GatewayOptions = {}): Promise<Backup> {
  const gateway = await startGateway({
    ...options,
    env: {
      TASK_POLL_QUICK_MS: "20",
      TASK_POLL_SLOW_MS: "40",
      WRITE_VERIFY_SECONDS: "1",
      TASK_APPEAR_SECONDS: "1",
      ...options.env,
    },
  });
  const { simulator } = gateway;
  return {
    ...gateway,
    vmId(name) {
      const [row] = simulator.control.rows("Vm", { OR: [{ name }, { original_name: name }] });
      if (row === undefined) throw new Error(`the simulator has no VM ${name}`);
      return String(row.id);
    },
    async create(input, headers) {
      const data = await gateway.data<{ createVmSnapshot: Outcome }>(CREATE, { input }, headers);
      return data.createVmSnapshot;
    },
    async createMany(input) {
      const data = await gateway.data<{ createVmSnapshots: { results: Outcome[]; errors: ErrorItem[] } }>(CREATE_MANY, {
        input,
      });
      return data.createVmSnapshots;
    },
    abortableCreate(input) {
      const client = new AbortController();
      const response = fetch(`${gateway.url}/graphql`, {
        method: "POST",
        signal: client.signal,
        headers: { "content-type": "application/json", authorization: simulator.users[0]?.token ?? "" },
        body: JSON.stringify({ query: CREATE, variables: { input } }),
      });
      return { response, abort: () => client.abort() };
    },
    hold(endpoint) {
      let release = () => {};
      const until = new Promise<void>((resolve) => {
        release = resolve;
      });
      simulator.faults.add({ operation: endpoint, times: 1, effect: { kind: "hold", until } });
      return release;
    },
    snapshotsNamed: (vmId, name) => simulator.control.rows("VmSnapshot", { vm: { id: vmId }, name }).length,
    writes: (operation = "create-vm-snapshot") => simulator.calls.count(operation),
  };
}
