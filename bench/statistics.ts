/** The value below which a fraction (0 to 1) of the values are. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

/** The quantile 0.5. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median, lowest and highest ratio of several turns, and the half-width of the median's interval of confidence. */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
}

/** Compares the turns of two contenders pairwise: adjacent turns have the same noise. */
export function ratioOf(values: readonly number[], reference: readonly number[]): Ratio {
  const ratios = values.map((value, index) => value / (reference[index] ?? Number.NaN));
  return { ...medianInterval(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** A median with the limits between which the true one lies, at about 95 %. */
export interface MedianInterval {
  readonly median: number;
  /** Half of the distance between the limits. */
  readonly halfWidth: number;
}

/** The median and its interval, from the order of the values alone. */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length);
  const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(rank)))] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: median(values), halfWidth: (at(middle + reach) - at(middle - reach)) / 2 };
}
