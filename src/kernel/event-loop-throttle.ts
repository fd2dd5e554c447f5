/** Lets heavy pieces of work begin one in each turn of the event loop, so that everybody else is served between them. */
export class EventLoopThrottle {
  private readonly waiting: (() => void)[] = [];
  private taken = false;

  /** When a piece may begin: at once, where the answer is undefined, or when the promise resolves. */
  acquire(): Promise<void> | undefined {
    if (this.taken) return new Promise((resolve) => this.waiting.push(resolve));
    this.taken = true;
    setImmediate(() => this.next());
    return undefined;
  }

  private next(): void {
    const go = this.waiting.shift();
    this.taken = go !== undefined;
    if (go === undefined) return;
    setImmediate(() => this.next());
    go();
  }
}
