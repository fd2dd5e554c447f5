import { Cluster } from "ioredis";
import { asError } from "../../kernel/errors.js";
import { type CoordinationObserver, CoordinationUnavailable } from "../coordination.js";
import type { RedisClient } from "./redis-client.js";
import type { Script } from "./scripts.js";

/** Commands in flight beyond it fail: Redis is far behind. */
const MAX_IN_FLIGHT = 20_000;

const UNAVAILABLE = "Redis, by which the replicas of the gateway agree on writes, cannot be used.";

/** The error of what needs Redis while it cannot be used. */
export function unavailable(cause?: unknown): CoordinationUnavailable {
  return new CoordinationUnavailable(UNAVAILABLE, cause);
}

/** Runs scripts in Redis, each within a time limit, and knows whether Redis can be used. */
export class RedisConnection {
  private usable = false;
  private everUsable = false;
  private inFlight = 0;
  private reported = false;
  private stopped = false;
  /** Whether what Redis remembers may not be what it remembered: it is another connection, perhaps to another server. */
  private mayHaveMoved = false;

  /**
   * @param timeoutMs time limit of a command.
   * @param onConnected is called when a connection is there: what is held is to be written again, and `recovered` called.
   */
  constructor(
    private readonly client: RedisClient,
    private readonly timeoutMs: number,
    private readonly observer: CoordinationObserver,
    onConnected: () => void,
  ) {
    client.on("error", (error: Error) => this.failed(error));
    client.on("close", () => this.lost());
    client.on("-node", () => this.lost());
    client.on("ready", onConnected);
  }

  /** Whether scripts can be run. */
  get isUsable(): boolean {
    return this.usable;
  }

  /**
   * Runs a script. It may still have run, or may run later, if this fails.
   *
   * @param evenIfUnusable to find out whether Redis can be used again.
   * @throws CoordinationUnavailable
   */
  async run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    evenIfUnusable = false,
  ): Promise<unknown> {
    if (!this.usable && !evenIfUnusable) throw unavailable();
    if (this.inFlight >= MAX_IN_FLIGHT) throw new CoordinationUnavailable("Too many commands wait for Redis.");
    const startedAt = performance.now();
    let succeeded = false;
    this.inFlight += 1;
    try {
      const result = await this.limited(this.evaluate(script, keys, args));
      succeeded = true;
      return result;
    } catch (error) {
      this.failed(asError(error));
      throw unavailable(error);
    } finally {
      this.inFlight -= 1;
      this.observer.coordinated({ name: script.name, succeeded, milliseconds: performance.now() - startedAt });
    }
  }

  /** What is held has been written again. @returns whether Redis may have forgotten what others hold. */
  recovered(): boolean {
    if (this.reported) this.observer.coordinationChanged(undefined);
    const mayHaveForgotten = this.everUsable && this.mayHaveMoved;
    this.reported = false;
    this.mayHaveMoved = false;
    this.usable = true;
    this.everUsable = true;
    return mayHaveForgotten;
  }

  /** Connects again: nothing comes through. */
  reconnect(): void {
    if (!this.stopped && !(this.client instanceof Cluster)) this.client.disconnect(true);
  }

  /** Disconnects. Safe to call twice. */
  stop(): void {
    this.stopped = true;
    this.usable = false;
    this.client.disconnect();
  }

  private async evaluate(script: Script, keys: readonly string[], args: readonly (string | number)[]) {
    const rest = [...keys, ...args];
    try {
      return await this.client.evalsha(script.sha, keys.length, ...rest);
    } catch (error) {
      // A Redis that was restarted has no scripts.
      if (!asError(error).message.startsWith("NOSCRIPT")) throw error;
      return await this.client.eval(script.lua, keys.length, ...rest);
    }
  }

  private limited<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      const error = new Error(`Redis did not respond within ${this.timeoutMs} ms.`);
      timer = setTimeout(() => reject(error), this.timeoutMs);
    });
    work.catch(() => {});
    return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
  }

  private failed(cause: Error): void {
    this.usable = false;
    // The connections of a Cluster come and go unseen.
    if (this.client instanceof Cluster) this.mayHaveMoved = true;
    if (this.reported || this.stopped) return;
    this.reported = true;
    this.observer.coordinationChanged({ reason: UNAVAILABLE, cause });
  }

  private lost(): void {
    this.mayHaveMoved = true;
    this.failed(new Error("The connection to Redis is closed."));
  }
}
