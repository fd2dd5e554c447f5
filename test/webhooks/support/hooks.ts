import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { LocalCoordination } from "../../../src/coordination/local/local-coordination.js";
import type { Send, WebhookObserver } from "../../../src/webhooks/delivery/attempt.js";
import { sendWebhook } from "../../../src/webhooks/delivery/send-webhook.js";
import type { EventSource } from "../../../src/webhooks/event-source.js";
import { DirectoryStore } from "../../../src/webhooks/store/directory-store.js";
import { Webhooks } from "../../../src/webhooks/webhooks.js";
import { type CapturedLog, captureLog } from "../../support/captured-log.js";
import { ManualClock } from "./manual-clock.js";

/** An entry of the file, or part of it. */
export type Entry = Record<string, unknown>;

/** A folder with a webhook file, secrets and states, until the test is finished. */
export function hooksFolder() {
  const folder = mkdtempSync(join(tmpdir(), "towerql-hooks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "webhooks.json");
  return {
    path,
    stateDir: join(folder, "state"),
    /** Writes a file of the folder and returns its path. */
    write(name: string, text: string | Buffer): string {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    /** Writes the webhook file: entries with a name, a URL and what else differs from the usual. */
    define(entries: readonly Entry[]): void {
      writeFileSync(path, JSON.stringify(entries.map((entry) => ({ ...USUAL, ...entry }))));
    },
  };
}

export type HooksFolder = ReturnType<typeof hooksFolder>;

const USUAL = { secretFile: "secret", insecure: true, subscription: "subscription { any }" };

/** A secret of Standard Webhooks. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** Webhooks over scripted feeds, with a clock that the test moves. */
export interface TestHooks {
  readonly webhooks: Webhooks;
  readonly clock: ManualClock;
  readonly log: CapturedLog;
  /** Arguments of every notification of the observer. */
  readonly attempts: Parameters<WebhookObserver["webhookAttempted"]>[0][];
  readonly deadLetters: Parameters<WebhookObserver["webhookGaveUp"]>[0][];
  /** Ends without waiting for anything, like `kill -9`. */
  kill(): void;
}

/** Options for `startHooks`. */
export interface HooksOptions {
  readonly clock?: ManualClock;
  /** Time for a receiver to respond. @default 5 s */
  readonly timeoutMs?: number;
  /** @default over HTTP */
  readonly send?: Send;
  /** Set `isOver` to end without waiting for anything, like `kill -9`; `isDiskFull` to have every write of a state fail. */
  readonly life?: { isOver: boolean; isDiskFull?: boolean };
}

/** Starts the webhooks of a folder. */
export async function startHooks(
  folder: HooksFolder,
  feeds: Readonly<Record<string, EventSource>>,
  { clock = new ManualClock(), timeoutMs = 5_000, send, life = { isOver: false } }: HooksOptions = {},
): Promise<TestHooks> {
  const log = captureLog();
  const attempts: TestHooks["attempts"] = [];
  const deadLetters: TestHooks["deadLetters"] = [];
  const store = await DirectoryStore.open(folder.stateDir);
  const webhooks = await Webhooks.start({
    path: folder.path,
    prepare({ name, subscription }) {
      if (subscription === "wrong") throw new Error("No subscription.");
      return feeds[name] as EventSource;
    },
    // A killed process writes nothing more.
    store: {
      read: (name) => store.read(name),
      load: (name) => store.load(name),
      async record(name, change) {
        if (life.isOver) return new Promise(() => {});
        if (life.isDiskFull) throw new Error("ENOSPC: no space left on device");
        return store.record(name, change);
      },
      close: () => store.close(),
    },
    leases: new LocalCoordination().leases,
    clock,
    logger: log.logger,
    observer: {
      webhookAttempted: (attempt) => void attempts.push(attempt),
      webhookGaveUp: (deadLetter) => void deadLetters.push(deadLetter),
    },
    send:
      send ??
      ((target, message, signal) => sendWebhook(target, message, { userAgent: "TowerQL/test", timeoutMs, signal })),
  });
  onTestFinished(() => (life.isOver ? store.close() : webhooks.stop()));
  return {
    ...{ webhooks, clock, log, attempts, deadLetters },
    kill() {
      life.isOver = true;
    },
  };
}
