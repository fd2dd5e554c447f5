import { Counter, Gauge, type Registry } from "prom-client";
import type { SharedState } from "../coordination/coordination.js";

/** Current values for the gauges, read on each scrape. */
export interface MetricSources {
  readonly upstream: () => { readonly inFlight: number; readonly queued: number; readonly circuit: string };
  readonly webhooks: () => readonly {
    readonly name: string;
    readonly isEnabled: boolean;
    readonly lagSeconds: number;
  }[];
  /** Watchers of tasks and snapshots, the delay of the most overdue poll and the lag of events in milliseconds, and the loops whose polls fail. */
  readonly tasks: () => {
    readonly watchers: number;
    readonly pollLagMs: number;
    readonly eventLagMs: number;
    readonly failingLoops: number;
  };
  /** What clients have open, undefined before the gateway listens; and the limits. */
  readonly open: () => Opened | undefined;
  readonly openLimits: Omit<Opened, "subscriptions">;
  /** Number of audit lines that did not get into their file. */
  readonly auditFailures: () => number;
  /** Version of the gateway. */
  readonly version: string;
  /** Undefined if nothing is shared with other replicas. */
  readonly coordination: () => SharedState | undefined;
}

/** What clients have open at a moment. */
interface Opened {
  readonly connections: number;
  readonly webSockets: number;
  readonly subscriptions: number;
  /** Subscriptions of the client with the most. */
  readonly busiestSubscriptions: number;
}

const CIRCUIT_STATES = ["closed", "half-open", "open"];

/** Adds the metrics that are read on each scrape. */
export function addGauges(registry: Registry, sources: MetricSources): void {
  gauge(
    registry,
    "towerql_upstream_calls_under_way",
    "Calls to CloudTower in flight.",
    () => sources.upstream().inFlight,
  );
  gauge(
    registry,
    "towerql_upstream_calls_queued",
    "Calls waiting for a free connection.",
    () => sources.upstream().queued,
  );
  gauge(
    registry,
    "towerql_upstream_circuit_state",
    "0: closed, calls are sent. 1: half-open, one trial call in flight. 2: open, calls are rejected immediately.",
    () => CIRCUIT_STATES.indexOf(sources.upstream().circuit),
  );
  gauge(
    registry,
    "towerql_task_watchers",
    "Subscribers watching a task or a snapshot.",
    () => sources.tasks().watchers,
  );
  gauge(
    registry,
    "towerql_watch_loops_failing",
    "Watch loops, one per credential and language, in which a poll fails.",
    () => sources.tasks().failingLoops,
  );
  gauge(
    registry,
    "towerql_task_poll_lag_seconds",
    "Delay of the most overdue task poll, in seconds.",
    () => sources.tasks().pollLagMs / 1000,
  );
  gauge(
    registry,
    "towerql_writes_possible",
    "0 while Redis cannot be used and writes are refused, else 1; always 1 without Redis.",
    () => (sources.coordination()?.isAvailable === false ? 0 : 1),
  );
  gauge(
    registry,
    "towerql_leases",
    "Leases of VMs that this replica holds in Redis.",
    () => sources.coordination()?.leases ?? 0,
  );
  gauge(
    registry,
    "towerql_intents",
    "Writes of this replica that Redis remembers: about to be sent, or in doubt.",
    () => sources.coordination()?.intents ?? 0,
  );
  new Gauge({
    name: "towerql_webhook_oldest_undelivered_seconds",
    help: "Age of the oldest event that a webhook has neither delivered nor given up, in seconds; 0 if there is none.",
    labelNames: ["webhook"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name: webhook, lagSeconds } of sources.webhooks()) this.set({ webhook }, lagSeconds);
    },
  });
  new Gauge({
    name: "towerql_webhook_enabled",
    help: "1 if the webhook is on, 0 if it is switched off.",
    labelNames: ["webhook"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name: webhook, isEnabled } of sources.webhooks()) this.set({ webhook }, isEnabled ? 1 : 0);
    },
  });
  addOpened(registry, sources);
  const info = new Gauge({
    name: "towerql_build_info",
    help: "Always 1: the labels have the version of the gateway and of Node.",
    labelNames: ["version", "node"],
    registers: [registry],
  });
  info.set({ version: sources.version, node: process.version.slice(1) }, 1);
  new Counter({
    name: "towerql_audit_failures_total",
    help: "Audit lines that could not be written to the file of AUDIT_LOG, and went to standard output instead.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(sources.auditFailures());
    },
  });
}

/** What clients have open, beside the limits. */
function addOpened(registry: Registry, { open, openLimits, tasks }: MetricSources): void {
  gauge(
    registry,
    "towerql_event_lag_seconds",
    "Time since which events may have happened that subscribers and webhooks have not got, in the feed where it is longest; 0 without readers.",
    () => tasks().eventLagMs / 1000,
  );
  gauge(registry, "towerql_subscriptions", "Open subscriptions of all clients.", () => open()?.subscriptions ?? 0);
  const ofKind = ({ connections, webSockets, busiestSubscriptions }: Omit<Opened, "subscriptions">) =>
    Object.entries({ connections, websockets: webSockets, subscriptions_of_one_client: busiestSubscriptions });
  new Gauge({
    name: "towerql_open",
    help: "Open connections and WebSockets, and the subscriptions of the client with the most.",
    labelNames: ["what"],
    registers: [registry],
    collect() {
      const opened = open();
      if (opened !== undefined) for (const [what, count] of ofKind(opened)) this.set({ what }, count);
    },
  });
  const limits = new Gauge({
    name: "towerql_open_limit",
    help: "The limit of each: MAX_CONNECTIONS, MAX_WEBSOCKETS, MAX_SUBSCRIPTIONS_PER_CLIENT.",
    labelNames: ["what"],
    registers: [registry],
  });
  for (const [what, limit] of ofKind(openLimits)) limits.set({ what }, limit);
}

function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}
