/** Starts at most one heavy task per event-loop turn, so that other work runs between them. */
export class EventLoopThrottle {
  private readonly waiters: (() => void)[] = [];
  private busy = false;

  /** Undefined if the task may start immediately, else a promise that resolves when it may. */
  acquire(): Promise<void> | undefined {
    if (this.busy) return new Promise((resolve) => this.waiters.push(resolve));
    this.busy = true;
    setImmediate(() => this.startNext());
    return undefined;
  }

  private startNext(): void {
    const start = this.waiters.shift();
    this.busy = start !== undefined;
    if (start === undefined) return;
    setImmediate(() => this.startNext());
    start();
  }
}
