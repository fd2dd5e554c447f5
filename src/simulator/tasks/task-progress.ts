/** How far a task is: its progress, and the steps that clients compute speed and time left from. */

/** The span of a task and what it works through. */
export interface Span {
  readonly startsAt: number;
  readonly endsAt: number;
  /** How much data is moved; 0 for none. */
  readonly bytes: number;
  /** How many things are gone through. */
  readonly count: number;
}

/** `progress` and `steps` of a task at a time, before its start and after its end as well. */
export function progressAt(span: Span, at: number, scale: number): { progress: number; steps: readonly object[] } {
  const { startsAt, endsAt } = span;
  // A task of no length is over as soon as it has started.
  const share = at < startsAt ? 0 : at >= endsAt ? 1 : (at - startsAt) / (endsAt - startsAt);
  return { progress: (Math.round(share * 1000) / 1000) * scale, steps: stepsAt(span, share, (at - startsAt) / 1000) };
}

/** Data first, then the bookkeeping: the byte step ends at nine tenths of the time. */
function stepsAt({ bytes, count }: Span, share: number, seconds: number): readonly object[] {
  const moved = Math.round(bytes * Math.min(1, share / 0.9));
  const dealt = Math.floor(count * share);
  const steps = [];
  if (bytes > 0) {
    const speed = seconds > 0 && moved < bytes ? Math.round(moved / seconds) : 0;
    steps.push({
      current: moved,
      finished: moved === bytes,
      key: "data",
      per_second: speed,
      total: bytes,
      unit: "BYTE",
    });
  }
  steps.push({
    current: dealt,
    finished: dealt === count,
    key: "objects",
    per_second: null,
    total: count,
    unit: "COUNT",
  });
  return steps;
}
