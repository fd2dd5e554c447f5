import { type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { ErrorCode } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import { type Refusal, refusal } from "../messages/refusal.js";

/** Maximum number of operations that wait, over all shares. */
const MAX_WAITING = 10_000;
/** Operations with at most so many objects count only for their share, so that they never wait for the large ones of others. */
const SMALL_OBJECTS = 1_000;

/** Shares that can reach their limit at the same time. */
const MAX_SHARES = 4;

/** What an operation needs in order to run. */
export interface Room {
  /** Resolves when the operation may run; undefined if immediately. Rejects with a Refusal if it found no room in time. */
  readonly ready: Promise<void> | undefined;
  /** Makes room for others, whether or not the operation has run. Safe to call twice. */
  leave(): void;
}

interface Waiter {
  readonly objects: number;
  readonly start: () => void;
}

/**
 * Bounds the memory of running operations by the estimated objects of their results, per share of the clients and in total.
 *
 * An operation that does not fit waits. Shares take turns; the operations of each keep their order. A large operation that is next keeps
 * its place until there is room for it, so that it is not passed over forever.
 */
export class RunningLoad {
  private readonly running = new Map<string, number>();
  private readonly lines = new Map<string, Set<Waiter>>();
  /** Objects of large operations. */
  private total = 0;
  private waitingCount = 0;
  /** Whether the next operation waits for others than its own share's. */
  private isFull = false;

  /** @param maxObjects limit of one share; large operations may have four times as many in total. A larger operation runs alone. */
  constructor(private readonly maxObjects: number) {}

  /** Number of operations that wait. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** Enters an operation. It gives up when the signal aborts. */
  enter(share: string, objects: number, signal: CancelSignal): Room {
    if (this.mayEnter(share, objects)) {
      this.add(share, objects);
      return { ready: undefined, leave: once(() => this.leave(share, objects)) };
    }
    return this.wait(share, objects, signal);
  }

  private mayEnter(share: string, objects: number): boolean {
    if (!this.fitsShare(share, objects)) return false;
    return objects <= SMALL_OBJECTS || (!this.isFull && !this.lines.has(share) && this.fitsTotal(objects));
  }

  private wait(share: string, objects: number, signal: CancelSignal): Room {
    const line = this.lines.get(share) ?? new Set();
    let leave = () => {};
    const ready = new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        leave();
        reject(noRoom(this.maxObjects));
      };
      if (this.waitingCount >= MAX_WAITING || signal.aborted) {
        giveUp();
        return;
      }
      const waiter: Waiter = {
        objects,
        start: () => {
          stopListening();
          leave = once(() => this.leave(share, objects));
          resolve();
        },
      };
      leave = once(() => {
        stopListening();
        this.remove(share, line, waiter);
        this.startNext();
      });
      const stopListening = onAbort(signal, giveUp);
      this.lines.set(share, line.add(waiter));
      this.waitingCount += 1;
      this.startNext();
    });
    // Nobody may be listening when a client leaves.
    ready.catch(() => {});
    return { ready, leave: () => leave() };
  }

  private leave(share: string, objects: number): void {
    this.add(share, -objects);
    this.startNext();
  }

  /** Starts waiting operations until none fits. */
  private startNext(): void {
    this.isFull = false;
    for (const [share, line] of this.lines) {
      const [waiter] = line;
      if (waiter === undefined || !this.fitsShare(share, waiter.objects)) continue;
      if (!this.fitsTotal(waiter.objects)) {
        this.isFull = true;
        return;
      }
      this.remove(share, line, waiter);
      // To the end of the turns; this iteration comes to it again.
      if (this.lines.delete(share)) this.lines.set(share, line);
      this.add(share, waiter.objects);
      waiter.start();
    }
  }

  private remove(share: string, line: Set<Waiter>, waiter: Waiter): void {
    if (!line.delete(waiter)) return;
    this.waitingCount -= 1;
    if (line.size === 0) this.lines.delete(share);
  }

  private fitsShare(share: string, objects: number): boolean {
    const sum = this.running.get(share) ?? 0;
    return sum === 0 || sum + objects <= this.maxObjects;
  }

  private fitsTotal(objects: number): boolean {
    return objects <= SMALL_OBJECTS || this.total === 0 || this.total + objects <= MAX_SHARES * this.maxObjects;
  }

  private add(share: string, objects: number): void {
    if (Math.abs(objects) > SMALL_OBJECTS) this.total += objects;
    const sum = (this.running.get(share) ?? 0) + objects;
    if (sum === 0) this.running.delete(share);
    else this.running.set(share, sum);
  }
}

function noRoom(maxObjects: number): Refusal {
  const message =
    `Too many operations at the same time: those of a client may return at most ${maxObjects} objects together, ` +
    "and this one found no room in time. Send fewer at a time, or request smaller pages.";
  return refusal(ErrorCode.RateLimited, message, { status: 429 });
}
