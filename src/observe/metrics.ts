import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { CallRecord, WriteRecord } from "../upstream/observer.js";
import { addGauges, type MetricSources } from "./gauges.js";
import {
  type FinishedOperation,
  type Observer,
  outcomeOf,
  type RefusedRequest,
  type WatchFailure,
  type WebhookAttempt,
  type WebhookDeadLetter,
} from "./observer.js";

/** Maximum number of clients with metrics of their own. */
const MAX_CLIENT_LABELS = 2_000;
const COMMAND_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Metrics for Prometheus, including prom-client's metrics of the process and of Node, such as the event-loop lag.
 *
 * Labels have few values each: nothing that a client chooses becomes one. The names of webhooks are the operator's.
 */
export class Metrics
  implements
    Omit<
      Observer,
      | "writeSent"
      | "circuitChanged"
      | "credentialChanged"
      | "reachabilityChanged"
      | "watchRecovered"
      | "coordinationChanged"
    >
{
  private readonly registry = new Registry();
  private readonly clients = new Set<string>();
  private readonly operations = new Counter({
    name: "towerql_operations_total",
    help: "Executed operations that have ended, by transport, type and outcome (ok, errors, left).",
    labelNames: ["transport", "type", "outcome"],
    registers: [this.registry],
  });
  private readonly operationSeconds = new Histogram({
    name: "towerql_operation_seconds",
    help: "Time from the arrival of a query or mutation to its response, in seconds.",
    labelNames: ["type"],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  private readonly clientOperations = new Counter({
    name: "towerql_client_operations_total",
    help: "Executed operations that have ended, by client: its name in CLIENTS_FILE, or its kind (api-key, token, anonymous).",
    labelNames: ["client"],
    registers: [this.registry],
  });
  private readonly clientSpent = new Counter({
    name: "towerql_client_spent_total",
    help: "What operations that have ended have used of their budgets, by client and by what (calls, rows, objects, bytes).",
    labelNames: ["client", "what"],
    registers: [this.registry],
  });
  private readonly errors = new Counter({
    name: "towerql_errors_total",
    help: "Executed operations whose response has an error of this code.",
    labelNames: ["code"],
    registers: [this.registry],
  });
  private readonly refusals = new Counter({
    name: "towerql_refused_total",
    help: "Requests refused before execution, by code.",
    labelNames: ["code"],
    registers: [this.registry],
  });
  private readonly calls = new Counter({
    name: "towerql_upstream_calls_total",
    help: "Calls to CloudTower, by endpoint and outcome: the HTTP status, unanswered, cancelled, or refused before sending.",
    labelNames: ["endpoint", "outcome"],
    registers: [this.registry],
  });
  private readonly callSeconds = new Histogram({
    name: "towerql_upstream_call_seconds",
    help: "Time from sending a call to the end of CloudTower's response, by endpoint, in seconds.",
    labelNames: ["endpoint"],
    buckets: BUCKETS,
    registers: [this.registry],
  });
  private readonly queueSeconds = new Histogram({
    name: "towerql_upstream_queue_seconds",
    help: "Time that calls waited for a free connection, in seconds.",
    buckets: BUCKETS,
    registers: [this.registry],
  });
  private readonly writes = new Counter({
    name: "towerql_upstream_writes_total",
    help: "Writes sent to CloudTower, by endpoint and outcome (accepted, refused, unknown).",
    labelNames: ["endpoint", "outcome"],
    registers: [this.registry],
  });
  private readonly pollFailures = new Counter({
    name: "towerql_watch_poll_failures_total",
    help: "Failed polls for subscriptions, by what was read and the code of the error.",
    labelNames: ["stage", "code"],
    registers: [this.registry],
  });

  private readonly commands = new Counter({
    name: "towerql_redis_commands_total",
    help: "Commands to Redis, by name and outcome (ok, failed).",
    labelNames: ["command", "outcome"],
    registers: [this.registry],
  });
  private readonly commandSeconds = new Histogram({
    name: "towerql_redis_command_seconds",
    help: "Time from a command to Redis to its response, in seconds.",
    buckets: COMMAND_BUCKETS,
    registers: [this.registry],
  });
  private readonly webhookAttempts = new Counter({
    name: "towerql_webhook_attempts_total",
    help: "Attempts to deliver an event, by webhook.",
    labelNames: ["webhook"],
    registers: [this.registry],
  });
  private readonly webhookFailures = new Counter({
    name: "towerql_webhook_failures_total",
    help: "Attempts that failed, by webhook and reason (response, no_response, selection).",
    labelNames: ["webhook", "reason"],
    registers: [this.registry],
  });
  private readonly webhookDeadLetters = new Counter({
    name: "towerql_webhook_dead_letters_total",
    help: "Events, or gaps of events, that a webhook gave up, by webhook and kind.",
    labelNames: ["webhook", "kind"],
    registers: [this.registry],
  });

  constructor(sources: MetricSources) {
    const { registry } = this;
    collectDefaultMetrics({ register: registry });
    addGauges(registry, sources);
  }

  coordinated({ name, succeeded, milliseconds }: Parameters<Observer["coordinated"]>[0]): void {
    this.commands.inc({ command: name, outcome: succeeded ? "ok" : "failed" });
    this.commandSeconds.observe(milliseconds / 1000);
  }

  webhookAttempted({ webhook, failure: reason }: WebhookAttempt): void {
    this.webhookAttempts.inc({ webhook });
    if (reason !== undefined) this.webhookFailures.inc({ webhook, reason });
  }

  webhookGaveUp({ webhook, kind }: WebhookDeadLetter): void {
    this.webhookDeadLetters.inc({ webhook, kind });
  }

  finished({ transport, type, codes, left, milliseconds, label, spent }: FinishedOperation): void {
    const client = this.clientLabel(label);
    this.clientOperations.inc({ client });
    this.clientSpent.inc({ client, what: "calls" }, spent.calls);
    this.clientSpent.inc({ client, what: "rows" }, spent.rows);
    this.clientSpent.inc({ client, what: "objects" }, spent.objects);
    this.clientSpent.inc({ client, what: "bytes" }, spent.resultBytes);
    this.operations.inc({ transport, type, outcome: outcomeOf({ codes, left }) });
    for (const code of codes) this.errors.inc({ code });
    if (type !== "subscription") this.operationSeconds.observe({ type }, milliseconds / 1000);
  }

  refused({ code }: RefusedRequest): void {
    this.refusals.inc({ code });
  }

  callEnded({ endpoint, outcome, queuedMs, milliseconds }: CallRecord): void {
    this.calls.inc({ endpoint, outcome: String(outcome) });
    this.queueSeconds.observe(queuedMs / 1000);
    if (outcome !== "refused") this.callSeconds.observe({ endpoint }, milliseconds / 1000);
  }

  writeEnded({ endpoint, outcome }: WriteRecord): void {
    this.writes.inc({ endpoint, outcome });
  }

  watchFailed({ stage, code }: WatchFailure): void {
    this.pollFailures.inc({ stage, code });
  }

  /** Clients that were defined and removed again keep their labels: beyond a bound, further ones share one. */
  private clientLabel(label: string): string {
    if (this.clients.has(label)) return label;
    if (this.clients.size >= MAX_CLIENT_LABELS) return "other";
    this.clients.add(label);
    return label;
  }

  /** The media type of `text`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
