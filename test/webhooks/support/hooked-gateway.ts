import type { FormattedExecutionResult } from "graphql";
import { onTestFinished } from "vitest";
import { type App, startApp } from "../../../src/app.js";
import { loadConfig } from "../../../src/config.js";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator/simulator.js";
import { type CapturedLog, captureLog } from "../../support/captured-log.js";
import type { HooksFolder } from "./hooks.js";
import { ManualClock } from "./manual-clock.js";

/** A document that delivers the end of each task. */
export const TASKS_ENDED =
  "subscription { taskEvents(filter: { kind: { eq: ENDED } }) { kind taskId task { status } } }";

/** A webhook as administrators see it. */
export interface AdminWebhook {
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly cursor: string | null;
  readonly lagSeconds: number;
  readonly deliveries: readonly Record<string, unknown>[];
}

/** A gateway in service mode with webhooks, over a simulator whose tasks end immediately. */
export interface HookedGateway {
  readonly simulator: Simulator;
  readonly clock: ManualClock;
  readonly log: CapturedLog;
  readonly url: () => string;
  /** Starts the gateway, again after `stop`. */
  start(): Promise<App>;
  stop(): Promise<void>;
  /** Has it read the webhook file again. */
  reload(): Promise<void>;
  /** Sends an operation as the administrator. */
  admin(query: string, variables?: Record<string, unknown>): Promise<FormattedExecutionResult<Record<string, never>>>;
  webhooks(): Promise<readonly AdminWebhook[]>;
  /** Takes a snapshot as a client. @returns the bare id of its task. */
  snapshot(name: string): Promise<string>;
}

const WEBHOOKS = `{ webhooks { name url enabled cursor lagSeconds
  deliveries { eventId status deadLetterKind attempts httpStatus message } } }`;
const CREATE = `mutation ($vmId: ID!, $name: String!) {
  createVmSnapshot(input: { vmId: $vmId, name: $name }) { task { cloudTowerId } errors { message } } }`;

/** Prepares a gateway for the webhooks of a folder. It is not started. */
export async function hookedGateway(
  folder: HooksFolder,
  { simulator: simulatorOptions, env: more = {} }: { simulator?: SimulatorOptions; env?: Record<string, string> } = {},
): Promise<HookedGateway> {
  const simulator = await startSimulator({ taskSeconds: 0, ...simulatorOptions });
  const clock = new ManualClock();
  const log = captureLog();
  let app: App | undefined;
  const stop = async () => {
    const stopping = app;
    app = undefined;
    await stopping?.stop();
  };
  onTestFinished(async () => {
    await stop();
    await simulator.stop();
  });
  const env = {
    ...{ PORT: "0", HOST: "127.0.0.1", CLOUDTOWER_URL: simulator.url, AUTH_MODE: "service" },
    ...{ API_KEYS: "client-key,admin-key" },
    ...{ CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass" },
    ...{ TASK_POLL_QUICK_MS: "20", TASK_POLL_SLOW_MS: "40" },
    ...{ WEBHOOKS_FILE: folder.path, STATE_DIR: folder.stateDir, ...more },
  };
  const url = () => `http://127.0.0.1:${app?.port}`;
  const send = async (authorization: string, query: string, variables?: Record<string, unknown>) => {
    const headers = { "content-type": "application/json", authorization };
    const body = JSON.stringify({ query, variables });
    return (await fetch(`${url()}/graphql`, { method: "POST", headers, body })).json() as never;
  };
  const admin: HookedGateway["admin"] = (query, variables) => send("admin-key", query, variables);
  return {
    ...{ simulator, clock, log, url, stop, admin },
    async start() {
      app = await startApp(loadConfig(env), log.logger, { webhooks: { clock, acknowledgeMs: 5_000 } });
      return app;
    },
    async reload() {
      await app?.reload();
    },
    async webhooks() {
      const { data, errors } = await admin(WEBHOOKS);
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return (data as unknown as { webhooks: AdminWebhook[] }).webhooks;
    },
    async snapshot(name) {
      const [vm] = simulator.control.rows("Vm", { name: "web-prod-01" });
      type Created = { data: { createVmSnapshot: { task: { cloudTowerId: string } } } };
      const { data }: Created = await send("client-key", CREATE, { vmId: vm?.id, name });
      return data.createVmSnapshot.task.cloudTowerId;
    },
  };
}
