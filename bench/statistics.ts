/** The value below which a fraction (0 to 1) of the values are. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

/** The quantile 0.5. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median, lowest and highest ratio of several turns. */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Compares the turns of two contenders pairwise: adjacent turns have the same noise. */
export function ratioOf(values: readonly number[], reference: readonly number[]): Ratio {
  const ratios = values.map((value, index) => value / (reference[index] ?? Number.NaN));
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}
