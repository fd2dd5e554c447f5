/** Runs what has the same key one after the other, in order of arrival; different keys side by side. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs the work when all earlier work of the key has ended, whether well or not. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key);
    const turn = before === undefined ? work() : before.then(work);
    const tail = turn.then(ignore, ignore);
    this.tails.set(key, tail);
    try {
      return await turn;
    } finally {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    }
  }
}

function ignore(): void {}
