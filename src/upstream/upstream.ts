import { asError } from "../kernel/errors.js";
import { singleFlight } from "../kernel/single-flight.js";
import type { GuardedClient } from "./client/guarded-client.js";
import { KnownVersion } from "./known-version.js";
import type { UpstreamObserver } from "./observer.js";
import { PageSizes } from "./page-sizes.js";
import { ProgressScale } from "./progress-scale.js";
import { ReadDeduplicator } from "./read-deduplicator.js";
import { ColumnReader } from "./rows/column-reader.js";
import { type SessionRequest, type SessionShare, type UpstreamOptions, UpstreamSession } from "./session.js";
import { UpstreamError } from "./upstream-error.js";
import { WriteTracker } from "./write-tracker.js";

export type { SessionRequest } from "./session.js";

/** Options for the whole process. */
export interface UpstreamSettings extends UpstreamOptions {
  /** Maximum duration of a read with all its attempts, in seconds. */
  readonly operationTimeoutSeconds: number;
  /** Time after which a write that was sent is abandoned, in seconds. */
  readonly writeTimeoutSeconds: number;
}

/** Time limit of a call to `get-version`. */
const VERSION_TIMEOUT_MS = 5_000;

/** CloudTower, for the whole process: opens a session for each operation. */
export class Upstream {
  private readonly share: SessionShare;
  private readonly writes: WriteTracker;
  private readonly knownVersion: KnownVersion;

  /** CloudTower's version, or null if unknown. Source: `GET /get-version`. Concurrent callers share one call. */
  readonly version: () => Promise<string | null> = singleFlight(() => this.readVersion());

  /** @param fieldName the schema's name of a field, such as `Vm.usedSizeBytes` for `Vm.used_size`, for messages. */
  constructor(
    readonly client: GuardedClient,
    settings: UpstreamSettings,
    observer: UpstreamObserver,
    fieldName: (name: string) => string,
  ) {
    this.writes = new WriteTracker(settings.writeTimeoutSeconds * 1000, observer);
    const reads = new ReadDeduplicator(settings.operationTimeoutSeconds * 1000);
    const [progressScale, pageSizes] = [new ProgressScale(), new PageSizes()];
    const { writes, version } = this;
    this.knownVersion = new KnownVersion(version, fieldName);
    const { knownVersion } = this;
    const columnReader = new ColumnReader();
    this.share = {
      client,
      reads,
      writes,
      options: settings,
      progressScale,
      pageSizes,
      columnReader,
      knownVersion,
      version,
    };
  }

  /** CloudTower as one caller sees it. */
  open(request: SessionRequest): UpstreamSession {
    return new UpstreamSession(this.share, request);
  }

  /** Resolves when no write is in flight, or after the timeout. */
  writesSettled(timeoutMs: number): Promise<void> {
    return this.writes.settled(timeoutMs);
  }

  /** Closes the connections; calls in flight fail. */
  close(): Promise<void> {
    return this.client.close();
  }

  private async readVersion(): Promise<string | null> {
    const signal = AbortSignal.timeout(VERSION_TIMEOUT_MS);
    try {
      const version = await this.client.call({ method: "GET", endpoint: "get-version", signal });
      return this.learnt(typeof version === "string" ? version : null);
    } catch (error) {
      if (error instanceof UpstreamError || signal.aborted) return this.learnt(null);
      throw asError(error);
    }
  }

  private learnt(version: string | null): string | null {
    this.knownVersion.learn(version);
    return version;
  }
}
