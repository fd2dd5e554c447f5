/** Start and end of a task, and the amount of work it shows. */
export interface Span {
  readonly startsAt: number;
  readonly endsAt: number;
  /** Bytes moved; 0 for none. */
  readonly bytes: number;
  /** Number of objects processed. */
  readonly count: number;
}

/** `progress` and `steps` of a task at any time, including before its start and after its end. */
export function progressAt(span: Span, at: number, scale: number): { progress: number; steps: readonly object[] } {
  const { startsAt, endsAt } = span;
  // A task of zero length ends when it starts.
  const fraction = at < startsAt ? 0 : at >= endsAt ? 1 : (at - startsAt) / (endsAt - startsAt);
  return {
    progress: (Math.round(fraction * 1000) / 1000) * scale,
    steps: stepsAt(span, fraction, (at - startsAt) / 1000),
  };
}

/** Data first, then bookkeeping: the byte step ends after nine tenths of the time. */
function stepsAt({ bytes, count }: Span, fraction: number, seconds: number): readonly object[] {
  const moved = Math.round(bytes * Math.min(1, fraction / 0.9));
  const processed = Math.floor(count * fraction);
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
    current: processed,
    finished: processed === count,
    key: "objects",
    per_second: null,
    total: count,
    unit: "COUNT",
  });
  return steps;
}
