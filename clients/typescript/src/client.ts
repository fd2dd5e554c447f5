import { type CallOptions, Calls, type MutateOptions, type SubscribeOptions, type SubscriptionEvent } from "./calls.js";
import { type Operation, textOf } from "./documents.js";
import { OutcomeUnknownError, RefusedError } from "./errors.js";
import { type EventOptions, events, type SnapshotEvent } from "./events.js";
import { Gateway, type GatewayOptions, Lost } from "./gateway.js";
import { type ReadySnapshot, type WaitOptions, type WaitTarget, waitUntilReady } from "./readiness.js";
import { type SnapshotRequest, type TakenSnapshot, type TakeOptions, takeSnapshots } from "./snapshots.js";

/** Options for `createClient`. */
export interface ClientOptions extends GatewayOptions {
  /** How long a call goes on trying while the gateway or CloudTower cannot be reached, in seconds. @default 300 */
  readonly patienceSeconds?: number;
}

/** A client of one gateway with one credential. It holds no connection of its own; nothing has to be closed. */
export interface TowerQLClient {
  /**
   * Data of a query; repeated while the gateway or CloudTower cannot be reached.
   *
   * @throws GraphQLFailure if the response has errors; `data` has what could be resolved. UnreachableError, HttpError.
   */
  query<Data = unknown, Variables = object>(
    operation: Operation<Data, Variables>,
    variables?: Variables,
    options?: CallOptions,
  ): Promise<Data>;
  /**
   * Data of a mutation, which is sent once. Its expected failures are in the `errors` of its payload.
   *
   * @throws OutcomeUnknownError if no response arrived. GraphQLFailure, HttpError.
   */
  mutate<Data = unknown, Variables = object>(
    operation: Operation<Data, Variables>,
    variables?: Variables,
    options?: MutateOptions,
  ): Promise<Data>;
  /** Events of any subscription, across lost connections: the event feeds go on where they were, others begin anew. */
  subscribe<Data = unknown, Variables = object>(
    operation: Operation<Data, Variables>,
    variables?: Variables,
    options?: SubscribeOptions,
  ): AsyncGenerator<SubscriptionEvent<Data>, void, undefined>;
  /** The VM of a name. @throws RefusedError VM_NOT_FOUND or AMBIGUOUS_NAME */
  findVm(name: string, options?: CallOptions): Promise<{ readonly id: string; readonly name: string }>;
  /**
   * Takes a snapshot of a VM, and repeats the call until it is known what became of it: safe, since VM and name identify it.
   *
   * @param vmId global or bare id.
   * @throws RefusedError if it cannot be taken. OutcomeUnknownError or UnreachableError after `patienceSeconds`.
   */
  takeSnapshot(
    vmId: string,
    request: Omit<SnapshotRequest, "vmId">,
    options?: Omit<TakeOptions, "maxAtOnce">,
  ): Promise<TakenSnapshot>;
  /** Like `takeSnapshot` for each, few at a time; the failure of one does not concern the others. In the order of the requests. */
  takeSnapshots(
    requests: readonly SnapshotRequest[],
    options?: TakeOptions,
  ): Promise<PromiseSettledResult<TakenSnapshot>[]>;
  /** Waits until the data of a snapshot can be read. @throws NotReadyError if it failed, is gone, or takes too long */
  waitUntilReady(snapshot: WaitTarget, options?: WaitOptions): Promise<ReadySnapshot>;
  /** The same for each; the failure of one does not concern the others. In the order of the snapshots. */
  waitUntilReady(
    snapshots: readonly WaitTarget[],
    options?: WaitOptions,
  ): Promise<PromiseSettledResult<ReadySnapshot>[]>;
  /**
   * What happens to snapshots, whoever made them, in a loop that survives restarts: store what `onCursor` is given, and begin `after` it.
   *
   * @throws CursorExpiredError if CloudTower no longer shows what happened since.
   */
  events(options?: EventOptions): AsyncGenerator<SnapshotEvent, void, undefined>;
}

const FIND_VM = "query FindVm($name: String!) { vms(filter: { name: { eq: $name } }, first: 2) { nodes { id name } } }";

/** A client of the gateway at `options.url`. */
export function createClient(options: ClientOptions): TowerQLClient {
  const calls = new Calls(new Gateway(options), options.patienceSeconds ?? 300);

  async function wait(snapshot: WaitTarget, options?: WaitOptions): Promise<ReadySnapshot>;
  async function wait(
    snapshots: readonly WaitTarget[],
    options?: WaitOptions,
  ): Promise<PromiseSettledResult<ReadySnapshot>[]>;
  async function wait(snapshots: WaitTarget | readonly WaitTarget[], options?: WaitOptions) {
    if (isList(snapshots)) return waitUntilReady(calls, snapshots, options);
    return only(await waitUntilReady(calls, [snapshots], options));
  }

  return {
    query: (operation, variables, options) => calls.query(operation, variables, options),
    async mutate<Data, Variables>(
      operation: Operation<Data, Variables>,
      variables?: Variables,
      options?: MutateOptions,
    ) {
      try {
        const text = await textOf(operation as Operation<unknown, unknown>);
        return await calls.mutate<Data>(text, variables as object | undefined, options);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        throw new OutcomeUnknownError(`No response to the mutation: ${error.message}`, { cause: error });
      }
    },
    subscribe: (operation, variables, options) => calls.subscribe(operation, variables, options),
    async findVm(name, options) {
      type Data = { readonly vms: { readonly nodes: readonly { readonly id: string; readonly name: string }[] } };
      const [vm, other] = (await calls.query<Data, object>(FIND_VM, { name }, options)).vms.nodes;
      if (vm === undefined) throw new RefusedError([{ code: "VM_NOT_FOUND", message: `No VM is named ${name}.` }]);
      if (other === undefined) return vm;
      throw new RefusedError([{ code: "AMBIGUOUS_NAME", message: `Several VMs are named ${name}.` }]);
    },
    async takeSnapshot(vmId, request, options) {
      return only(await takeSnapshots(calls, [{ ...request, vmId }], options));
    },
    takeSnapshots: (requests, options) => takeSnapshots(calls, requests, options),
    waitUntilReady: wait,
    events: (options) => events(calls, options),
  };
}

function only<T>([settled]: PromiseSettledResult<T>[]): T {
  if (settled?.status === "fulfilled") return settled.value;
  throw settled?.reason;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
