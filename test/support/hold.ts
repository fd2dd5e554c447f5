/** A promise that the test resolves. */
export interface Hold {
  /** Resolves on `release`: the `until` of the simulator's fault `hold`, for a response that must not come yet. */
  readonly released: Promise<void>;
  /** Safe to call twice. */
  release(): void;
}

/** Creates a promise that stays pending until the test releases it. */
export function hold(): Hold {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release };
}
