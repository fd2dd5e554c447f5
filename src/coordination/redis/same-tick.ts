/** Joins the requests of one tick of the event loop: `run` gets them together, at most `maxItems` at a time, and returns a result for each. */
export class SameTick<T, R> {
  private waiting: {
    readonly item: T;
    readonly resolve: (result: R) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];

  constructor(
    private readonly run: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly maxItems = 500,
  ) {}

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ item, resolve, reject }) === 1) setImmediate(() => this.flush());
    });
  }

  private flush(): void {
    for (const all = this.waiting.splice(0); all.length > 0; ) {
      const part = all.splice(0, this.maxItems);
      this.run(part.map(({ item }) => item)).then(
        (results) => {
          for (const [index, { resolve }] of part.entries()) resolve(results[index] as R);
        },
        (error: unknown) => {
          for (const { reject } of part) reject(error);
        },
      );
    }
  }
}
