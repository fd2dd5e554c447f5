import { contractVersion } from "../upstream/wire/contract.js";
import { Accounts, type SimulatorUser } from "./accounts.js";
import { Activity, type ActivitySettings } from "./activity/activity.js";
import { Control } from "./control/control.js";
import { controlApi } from "./control/control-api.js";
import { CallLog } from "./http/call-log.js";
import type { Exchange } from "./http/exchange.js";
import { Faults } from "./http/faults.js";
import { basePath } from "./http/handle-request.js";
import { listen } from "./http/listen.js";
import { addInventory } from "./inventory/inventory.js";
import { Random } from "./random.js";
import { ChangeLog } from "./store/change-log.js";
import { Model } from "./store/model.js";
import { Renderer } from "./store/renderer.js";
import { Store } from "./store/store.js";
import { Clock } from "./tasks/clock.js";
import { noLag } from "./tasks/consistency-lag.js";
import { EventQueue } from "./tasks/event-queue.js";
import { noQuirks } from "./tasks/quirks.js";
import { Tasks } from "./tasks/tasks.js";
import type { Tower } from "./tower.js";
import { ApiVersion } from "./versions.js";

/** Options for `startSimulator`. */
export interface SimulatorOptions {
  /** 0 for any free port. @default 0 */
  readonly port?: number;
  /** The control API needs no login: do not expose it to a network. @default 127.0.0.1 */
  readonly host?: string;
  /** Number of VMs. Determines the number of disks, volumes, LUNs and snapshots. @default 40 */
  readonly vms?: number;
  /** The same seed gives the same inventory with the same ids. @default 1 */
  readonly seed?: number;
  /** Duration of a task in the simulator's time. With 0, a task has ended by the next request. @default 4 */
  readonly taskSeconds?: number;
  /** What others do. @default nothing happens by itself */
  readonly activity?: Partial<ActivitySettings>;
  /** Simulates another version, e.g. "2.7.0", with the types, fields, enum values and endpoints that it had. @default the version of the contract */
  readonly apiVersion?: string;
  /** Serves HTTPS with this key and certificate (PEM). @default plain HTTP */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Called with every request and its response; slows each of them down. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** A running simulator. */
export interface Simulator {
  /** http://127.0.0.1:PORT/v2/api */
  readonly url: string;
  readonly port: number;
  /** Accounts that can log in; the first is the administrator. */
  readonly users: readonly SimulatorUser[];
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly control: Control;
  /** Jumps the simulator's clock ahead, so that tasks end without waiting. */
  advance(milliseconds: number): void;
  /** Closes every connection. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a simulated CloudTower in this process: its REST API over real HTTP, with a generated inventory. Throws a RangeError for
 * invalid options, and the system's error if the port is in use.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    port = 0,
    host = "127.0.0.1",
    vms = 40,
    seed = 1,
    taskSeconds = 4,
    activity: activitySettings = {},
    apiVersion = contractVersion,
    onExchange,
  } = options;
  if (!Number.isInteger(vms) || vms < 0) throw new RangeError(`vms must be an integer of 0 or more, got ${vms}`);
  if (!Number.isInteger(seed)) throw new RangeError(`seed must be an integer, got ${seed}`);
  if (!(taskSeconds >= 0)) throw new RangeError(`taskSeconds must be 0 or more, got ${taskSeconds}`);
  const version = new ApiVersion(apiVersion);

  const random = new Random(seed);
  const store = new Store(new Model(version));
  const clock = new Clock();
  const users = addInventory({ store, random }, vms, wholeHour(clock.now()));
  const changes = new ChangeLog(() => clock.now());
  store.onChange = changes.record;
  const events = new EventQueue();
  const lag = { ...noLag };
  const quirks = { ...noQuirks };
  const tasks = new Tasks(store, clock, events, random, { lag, quirks }, taskSeconds * 1000);
  const renderer = new Renderer(store);
  const tower: Tower = { store, renderer, changes, clock, events, random, tasks, lag, quirks, hidden: [] };
  const accounts = new Accounts(users, version);
  const faults = new Faults();
  const calls = new CallLog();
  const viewers = users.map(({ viewer }) => viewer);
  const activity = new Activity(
    tower,
    viewers.filter(({ writes }) => writes),
    seed,
  );
  activity.set(activitySettings);
  const control = new Control(tower, accounts, activity);
  const backend = {
    tower,
    accounts,
    faults,
    calls,
    onExchange,
    controlApi: controlApi(clock, control, faults, calls),
  };
  const server = await listen(backend, { port, host, tls: options.tls });
  return {
    url: `${options.tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${server.port}${basePath}`,
    port: server.port,
    users: users.map(({ user }) => user),
    faults,
    calls,
    control,
    advance: (milliseconds) => clock.advance(milliseconds),
    stop: server.stop,
  };
}

/** The beginning of the hour: two simulators that start within one have the same rows. */
function wholeHour(at: number): number {
  return at - (at % 3_600_000);
}
