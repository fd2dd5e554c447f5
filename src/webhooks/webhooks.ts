import { randomUUID } from "node:crypto";
import { Cancellation, type CancelSignal } from "../kernel/cancellation.js";
import { asError, ErrorCode, TowerError } from "../kernel/errors.js";
import { quote } from "../kernel/text/global-id.js";
import { isSameDefinition, type WebhookDefinition } from "./definition/webhook-definition.js";
import { readWebhooksFile, subscriptionError } from "./definition/webhooks-file.js";
import { failureOf } from "./delivery/attempt.js";
import type { DeliveryWorker } from "./delivery/delivery-worker.js";
import { type RunnerParts, WebhookRunner, type WebhookView } from "./delivery/webhook-runner.js";
import type { EventSource } from "./event-source.js";
import { WebhookStateError } from "./store/webhook-store.js";

/** Options for `Webhooks.start`. */
export interface WebhooksOptions extends RunnerParts {
  /** The file that defines them. */
  readonly path: string;
  /** Checks a document and prepares its events. @throws an error whose message says what is wrong with it. */
  readonly prepare: (definition: WebhookDefinition) => EventSource;
}

/** Outcome of a test delivery. */
export interface TestOutcome {
  readonly delivered: boolean;
  readonly httpStatus: number | null;
  /** Why it was not delivered; null if it was. */
  readonly message: string | null;
}

/** A webhook whose document has been checked. */
interface Prepared {
  readonly definition: WebhookDefinition;
  readonly source: EventSource;
}

/** How long a webhook may wait for the response to the attempt in flight: if it is changed or removed, and if the gateway stops. */
const CHANGE_GRACE_MS = 20_000;
const STOP_GRACE_MS = 3_000;

/**
 * The webhooks of a gateway: each delivers on its own, so that none waits for another, and by one replica at a time. Lives as long as the
 * process.
 */
export class Webhooks {
  /** In the order of the file. */
  private names: readonly string[] = [];
  private readonly runners = new Map<string, WebhookRunner>();
  /** Reloads come one after the other. */
  private reloading: Promise<void> = Promise.resolve();
  private isStopped = false;

  private constructor(private readonly options: WebhooksOptions) {}

  /**
   * Reads the file and begins to deliver.
   *
   * @throws WebhooksFileError or WebhookStateError; then nothing is delivered.
   */
  static async start(options: WebhooksOptions): Promise<Webhooks> {
    const webhooks = new Webhooks(options);
    try {
      await webhooks.apply(await webhooks.prepared());
    } catch (error) {
      await options.store.close();
      throw error;
    }
    return webhooks;
  }

  /** Those that this replica delivers, in the order of the file. */
  get delivering(): readonly DeliveryWorker[] {
    return this.all.flatMap(({ worker }) => worker ?? []);
  }

  /** All webhooks, in the order of the file. @throws CoordinationUnavailable if the states that other replicas store cannot be read. */
  views(): Promise<WebhookView[]> {
    return Promise.all(this.all.map((runner) => runner.view()));
  }

  /** Reads the file again. A file with a mistake is logged and changes nothing. Never rejects. */
  reload(): Promise<void> {
    const { logger, path } = this.options;
    this.reloading = this.reloading.then(async () => {
      if (this.isStopped) return;
      try {
        await this.apply(await this.prepared());
        logger.info({ webhooks: this.names }, "webhooks were read again");
      } catch (error) {
        logger.error({ path, reason: asError(error).message }, "webhooks were not read again: the earlier ones go on");
      }
    });
    return this.reloading;
  }

  /**
   * Delivers again what came after a cursor.
   *
   * @throws TowerError NOT_FOUND for an unknown name, COORDINATION_UNAVAILABLE if another replica does not hand it over in time; the feed's
   * own error for a cursor that cannot be used.
   */
  async replay(name: string, after: string, signal: CancelSignal): Promise<WebhookView> {
    const worker = await this.runner(name).own(signal);
    await worker.checkCursor(after, signal);
    await worker.replay(after);
    return worker;
  }

  /**
   * Switches a webhook on, or has it retry immediately.
   *
   * @throws TowerError NOT_FOUND for an unknown name, COORDINATION_UNAVAILABLE if another replica does not hand it over in time.
   */
  async enable(name: string, signal: CancelSignal): Promise<WebhookView> {
    const worker = await this.runner(name).own(signal);
    await worker.enable();
    return worker;
  }

  /** Sends a message without an event, outside of the order of events. @throws TowerError NOT_FOUND for an unknown name. */
  async test(name: string): Promise<TestOutcome> {
    const { definition } = this.runner(name);
    const { send, clock } = this.options;
    const message = { id: `test_${randomUUID()}`, body: TEST_BODY, sentAt: new Date(clock.now()) };
    const sent = await send(definition, message, new Cancellation());
    if (sent.kind === "none") return { delivered: false, httpStatus: null, message: sent.message };
    const failure = failureOf(sent.status);
    return { delivered: failure === null, httpStatus: sent.status, message: failure };
  }

  /** Stops all of them and closes the store. Safe to call twice. */
  async stop(): Promise<void> {
    this.isStopped = true;
    // Those that are being replaced have less time now; no further ones start.
    await Promise.all([...this.runners.values()].map((runner) => runner.stop(STOP_GRACE_MS)));
    await this.reloading;
    await this.options.store.close();
  }

  private get all(): readonly WebhookRunner[] {
    return this.names.flatMap((name) => this.runners.get(name) ?? []);
  }

  private runner(name: string): WebhookRunner {
    const runner = this.runners.get(name);
    if (runner !== undefined) return runner;
    throw new TowerError(ErrorCode.NotFound, `No webhook is named ${quote(name)}. Query.webhooks lists their names.`);
  }

  /** The webhooks of the file, whose documents and states can be used. */
  private async prepared(): Promise<readonly Prepared[]> {
    const { path, prepare, store } = this.options;
    const prepared = readWebhooksFile(path).map((definition, index) => {
      try {
        return { definition, source: prepare(definition) };
      } catch (error) {
        throw subscriptionError(path, { index, name: definition.name }, asError(error).message);
      }
    });
    // A state that is damaged is said at the start; a store that cannot be used now may be usable later.
    for (const { definition } of prepared) {
      await store.read(definition.name).catch((error: unknown) => {
        if (error instanceof WebhookStateError) throw error;
      });
    }
    return prepared;
  }

  /** Leaves alone what has not changed. */
  private async apply(prepared: readonly Prepared[]): Promise<void> {
    const next = new Map(prepared.map((entry) => [entry.definition.name, entry]));
    this.names = [...next.keys()];
    await Promise.all(
      [...new Set([...this.runners.keys(), ...next.keys()])].map((name) => this.replace(name, next.get(name))),
    );
  }

  private async replace(name: string, next: Prepared | undefined): Promise<void> {
    const runner = this.runners.get(name);
    if (runner !== undefined && next !== undefined && isSameDefinition(runner.definition, next.definition)) return;
    await runner?.stop(CHANGE_GRACE_MS);
    this.runners.delete(name);
    if (next === undefined || this.isStopped) return;
    const { logger } = this.options;
    const { definition, source } = next;
    if (definition.insecure) {
      logger.warn({ webhook: name }, "webhook is insecure: it may send unencrypted, and trusts any certificate");
    }
    const started = new WebhookRunner(definition, source, this.options);
    this.runners.set(name, started);
    await started.start();
  }
}

/** Like the result of a subscription, without an event. */
const TEST_BODY = JSON.stringify({ data: null, extensions: { test: true } });
