import type { Entity } from "../../upstream/wire/types.js";
import type { Directory } from "../accounts.js";
import { type ActivitySettings, noActivity } from "../activity/activity.js";
import type { CallLog } from "../http/call-log.js";
import type { Effect, Faults } from "../http/faults.js";
import type { HttpResponse } from "../http/send-response.js";
import type { Clock } from "../tasks/clock.js";
import { type ConsistencyLag, noLag } from "../tasks/consistency-lag.js";
import { labelValues, mutationSpellings, noQuirks, type Quirks } from "../tasks/quirks.js";
import type { Outcome } from "../tasks/task-outcome.js";
import type { Control } from "./control.js";

type Body = Readonly<Record<string, unknown>>;

/**
 * The control API: `Control`, faults, calls and the clock by HTTP, for a simulator that runs alone. JSON in, JSON out, no login.
 *
 *   GET    /simulator                     lists the routes
 *   POST   /simulator/faults              {"operation": "get-vms" or "/^get-/", "times": 2, "skip": 0, "chance": 0.5, "latencyMs": 50, "effect": {...}}
 *   DELETE /simulator/faults              removes all faults
 *   POST   /simulator/advance             {"milliseconds": 5000}: jumps the simulator's clock ahead
 *   GET    /simulator/calls               {"counts": {...}, "maxInFlight": 3, "newest": [...]}; DELETE clears the log
 *   POST   /simulator/lags                {"taskVisibleMs": 0, "taskEndVisibleMs": 0, "snapshotVisibleMs": 0, "volumeVisibleMs": 0, "asyncStatusMs": 0, "frozenDisksMs": 0, "frozenNicsMs": 0, "diskNamesMs": 0, "lunSnapshotMs": 0, "lunSnapshotReads": 0}
 *   POST   /simulator/quirks              {"clusterClockMs": 180000, "taskMemoryMs": 86400000, "mutationSpelling": "upper-snake"}
 *   POST   /simulator/activity            {"perMinute": 30, "planSeconds": 60, "failing": 0.1, "silentDeletions": 0}: what others do
 *   POST   /simulator/next-task           {"kind": "FAILED", "errorMessage": "..."} or {"kind": "PAUSED"}
 *   GET    /simulator/past-tasks          {"tasks": [...]} that have ended, also forgotten ones
 *   POST   /simulator/resume-tasks
 *   POST   /simulator/progress-scale      {"scale": 100}: counts the progress of tasks in percent; 1 from 0 to 1
 *   POST   /simulator/revoke-tokens       {"username": "viewer"}, or {} for all
 *   POST   /simulator/directories         {"directories": [{"id": "...", "type": "LDAP"}]}
 *   POST   /simulator/recreate-disks      {"vmId": "..."}
 *   GET    /simulator/lineage/ZBS_ID      {"lineage": "..."} of the data in a LUN snapshot, which no client can see
 *   GET    /simulator/rows/Vm/ID          a row; POST changes fields of it, DELETE removes it
 *   POST   /simulator/rows/Vm             {...}: adds a row, returns {"id": ...}
 *
 * An effect is one of: {"kind": "status", "status": 503, "body": "html", "retryAfter": 1}, {"kind": "reset", "when": "before-body"},
 * {"kind": "lost-answer"}, {"kind": "late-commit", "afterMs": 15000}, {"kind": "hang"}, {"kind": "drip"}, {"kind": "truncated"}, {"kind": "malformed"},
 * {"kind": "huge", "bytes": 1000000}, {"kind": "odd-row", "row": null}, {"kind": "redirect", "location": "http://..."}.
 */
export function controlApi(clock: Clock, control: Control, faults: Faults, calls: CallLog) {
  const routes: Readonly<Record<string, (body: Body) => unknown>> = {
    "GET ": () => ({ switches: Object.keys(routes).map((route) => route.replace(" ", " /simulator")) }),
    "POST /faults": (body) => void faults.add(readFault(body)),
    "DELETE /faults": () => faults.clear(),
    "POST /advance": ({ milliseconds }) => clock.advance(number(milliseconds, "milliseconds")),
    "GET /calls": () => ({
      counts: calls.counts,
      maxInFlight: calls.maxInFlight,
      newest: calls.all.slice(-50).map(({ endpoint, ...call }) => ({ operation: endpoint, ...call })),
    }),
    "DELETE /calls": () => calls.clear(),
    "POST /lags": (body) => control.setLags(readLags(body)),
    "POST /quirks": (body) => control.setQuirks(readQuirks(body)),
    "POST /activity": (body) => control.setActivity(readActivity(body)),
    "POST /next-task": (body) => control.nextTask(readOutcome(body)),
    "GET /past-tasks": () => ({ tasks: control.pastTasks() }),
    "POST /resume-tasks": () => control.resumeTasks(),
    "POST /progress-scale": ({ scale }) => {
      if (scale !== 1 && scale !== 100) throw new Error(`scale must be 1 or 100, got ${JSON.stringify(scale)}`);
      control.setProgressScale(scale);
    },
    "POST /revoke-tokens": ({ username }) =>
      control.revokeTokens(username === undefined ? undefined : String(username)),
    "POST /directories": ({ directories }) => control.setDirectories(readDirectories(directories)),
    "POST /recreate-disks": ({ vmId }) => control.recreateDisks(String(vmId)),
  };
  return (method: string, path: string, body: unknown): HttpResponse => {
    try {
      const given = typeof body === "object" && body !== null ? (body as Body) : {};
      const lineage = /^\/lineage\/([^/]+)$/.exec(path);
      if (lineage && method === "GET") {
        const [lunSnapshot] = control.rows("IscsiLunSnapshot", { local_id: lineage[1] });
        return ok({ lineage: lunSnapshot === undefined ? null : control.lineage(String(lunSnapshot.id)) });
      }
      const row = /^\/rows\/([A-Za-z]+)(?:\/([^/]+))?$/.exec(path);
      if (row) return ok(onRow(control, method, row[1] as Entity, row[2], given));
      const route = routes[`${method} ${path}`];
      return route
        ? ok(route(given))
        : problem(404, `no route ${method} /simulator${path}. GET /simulator lists the routes.`);
    } catch (error) {
      return problem(400, (error as Error).message);
    }
  };
}

function onRow(control: Control, method: string, entity: Entity, id: string | undefined, body: Body): unknown {
  if (id === undefined) {
    if (method === "POST") return { id: control.insert(entity, { ...body }) };
    throw new Error(`${method} needs a row id: /simulator/rows/${entity}/ID`);
  }
  switch (method) {
    case "GET":
      return control.row(entity, id) ?? null;
    case "POST":
      return control.patch(entity, id, { ...body });
    case "DELETE":
      return control.remove(entity, id);
    default:
      throw new Error(`${method} is not supported for a row. Use GET, POST or DELETE.`);
  }
}

function readFault({ operation, times, skip, chance, latencyMs, effect }: Body): Parameters<Faults["add"]>[0] {
  const pattern = typeof operation === "string" ? /^\/(.*)\/$/.exec(operation)?.[1] : undefined;
  const { kind, afterMs } = (effect ?? {}) as { kind?: unknown; afterMs?: unknown };
  if (effect !== undefined && !effectKinds.has(String(kind))) {
    throw new Error(`effect.kind must be one of ${[...effectKinds].join(", ")}, got ${JSON.stringify(kind)}`);
  }
  if (kind === "late-commit") number(afterMs, "effect.afterMs");
  return {
    ...(operation === undefined ? {} : { operation: pattern === undefined ? String(operation) : new RegExp(pattern) }),
    ...(times === undefined ? {} : { times: number(times, "times") }),
    ...(skip === undefined ? {} : { skip: number(skip, "skip") }),
    ...(chance === undefined ? {} : { chance: number(chance, "chance") }),
    ...(latencyMs === undefined ? {} : { latencyMs: number(latencyMs, "latencyMs") }),
    ...(effect === undefined ? {} : { effect: effect as Effect }),
  };
}

const effectKinds: ReadonlySet<string> = new Set([
  "status",
  "reset",
  "lost-answer",
  "late-commit",
  "hang",
  "drip",
  "truncated",
  "malformed",
  "huge",
  "odd-row",
  "redirect",
  "empty-list",
] satisfies Effect["kind"][]);

function readLags(body: Body): Partial<ConsistencyLag> {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(noLag, name))
      throw new Error(`unknown lag ${name}: must be one of ${Object.keys(noLag).join(", ")}`);
    number(value, name);
  }
  return body;
}

function readQuirks(body: Body): Partial<Quirks> {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(noQuirks, name))
      throw new Error(`unknown quirk ${name}: must be one of ${Object.keys(noQuirks).join(", ")}`);
    const allowed: readonly unknown[] | undefined = ENUM_QUIRKS[name];
    if (allowed !== undefined) {
      if (allowed.includes(value)) continue;
      throw new Error(`${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(value)}`);
    }
    const type = typeof noQuirks[name as keyof Quirks];
    if (typeof value !== type) throw new Error(`${name} must be a ${type}, got ${JSON.stringify(value)}`);
  }
  return body;
}

/** The values of quirks that are one of several words. */
const ENUM_QUIRKS: Readonly<Record<string, readonly string[]>> = {
  mutationSpelling: mutationSpellings,
  labelValuesPerKey: labelValues,
};

function readActivity(body: Body): Partial<ActivitySettings> {
  for (const name of Object.keys(body)) {
    if (!Object.hasOwn(noActivity, name))
      throw new Error(`unknown setting ${name}: must be one of ${Object.keys(noActivity).join(", ")}`);
  }
  return body;
}

function readDirectories(value: unknown): readonly Directory[] {
  const valid =
    Array.isArray(value) && value.every((item) => typeof item?.id === "string" && typeof item?.type === "string");
  if (!valid) throw new Error(`directories must be a list of {"id", "type"}, got ${JSON.stringify(value)}`);
  return value;
}

function readOutcome(body: Body): Outcome {
  if (body.kind !== "FAILED" && body.kind !== "PAUSED")
    throw new Error(`kind must be FAILED or PAUSED, got ${JSON.stringify(body.kind)}`);
  return body as unknown as Outcome;
}

function number(value: unknown, name: string): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new Error(`${name} must be a number of 0 or more, got ${JSON.stringify(value)}`);
}

function ok(value: unknown): HttpResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    text: JSON.stringify(value ?? { done: true }),
  };
}

function problem(status: number, error: string): HttpResponse {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, text: JSON.stringify({ error }) };
}
