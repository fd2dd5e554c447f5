/** A CloudTower that runs inside a process: the same REST dialect over real HTTP on loopback, with an inventory of its own. */
import { contractVersion } from "../upstream/wire/contract.js";
import { Control } from "./control/control.js";
import { switchboard } from "./control/control-api.js";
import { Calls } from "./http/calls.js";
import type { Exchange } from "./http/exchange.js";
import { Faults } from "./http/faults.js";
import { listen } from "./http/listen.js";
import { basePath } from "./http/server.js";
import { addInventory } from "./inventory/inventory.js";
import { Random } from "./random.js";
import { Model } from "./store/model.js";
import { Renderer } from "./store/render.js";
import { Store } from "./store/store.js";
import { Agenda, Clock } from "./tasks/clock.js";
import { noLags } from "./tasks/lags.js";
import { Tasks } from "./tasks/tasks.js";
import { Accounts, type SimulatorUser } from "./users.js";
import { versionNumber } from "./versions.js";
import type { World } from "./world.js";

/** What a simulator is like; everything has a default. */
export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. Its switches ask for no login: do not offer it to a network. */
  readonly host?: string;
  /** How many VMs the inventory has; default 40. Disks, volumes, LUNs and snapshots follow from it. */
  readonly vms?: number;
  /** The same seed gives the same inventory with the same ids; default 1. */
  readonly seed?: number;
  /** How long a task takes, in the simulator's time; default 4. With 0 it is done when somebody looks next. */
  readonly taskSeconds?: number;
  /** Plays another CloudTower, e.g. "2.7.0": fields that it did not have are absent. Default: the version of the contract. */
  readonly apiVersion?: string;
  /** Speaks HTTPS with this key and certificate (PEM), as an installation with a self-signed certificate does. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Is told every request with its answer; costs time for each. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** A running simulator. */
export interface Simulator {
  /** http://127.0.0.1:PORT/v2/api */
  readonly url: string;
  readonly port: number;
  /** The accounts; the first is the administrator. */
  readonly users: readonly SimulatorUser[];
  readonly faults: Faults;
  readonly calls: Calls;
  readonly control: Control;
  /** Jumps the simulator's clock ahead, so that tasks end without anybody waiting. */
  advance(milliseconds: number): void;
  /** Closes every connection. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a simulator. Throws a RangeError for options that make no sense, and the system's error if the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    port = 0,
    host = "127.0.0.1",
    vms = 40,
    seed = 1,
    taskSeconds = 4,
    apiVersion = contractVersion,
    onExchange,
  } = options;
  if (!Number.isInteger(vms) || vms < 0) throw new RangeError(`vms must be a whole number of 0 or more, got ${vms}`);
  if (!Number.isInteger(seed)) throw new RangeError(`seed must be a whole number, got ${seed}`);
  if (!(taskSeconds >= 0)) throw new RangeError(`taskSeconds must be 0 or more, got ${taskSeconds}`);
  versionNumber(apiVersion);

  const random = new Random(seed);
  const store = new Store(new Model(apiVersion));
  const users = addInventory({ store, random }, vms);
  const clock = new Clock();
  const agenda = new Agenda();
  const lags = { ...noLags };
  const tasks = new Tasks(store, clock, agenda, random, lags, taskSeconds * 1000);
  const world: World = { store, renderer: new Renderer(store), clock, agenda, random, tasks, lags, hidden: [] };
  const accounts = new Accounts(users, apiVersion);
  const faults = new Faults();
  const calls = new Calls();
  const control = new Control(world, accounts);
  const backend = {
    world,
    accounts,
    faults,
    calls,
    onExchange,
    switchboard: switchboard(clock, control, faults, calls),
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
