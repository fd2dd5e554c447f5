/** Small sums over figures. */

/** The value below which `share` (0..1) of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A ratio as the middle of several turns' ratios, with the lowest and the highest of them. */
export interface Ratio {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
}

/** Compares the turns of two contenders pair by pair: neighbours in time suffer the same noise. */
export function ratioOf(values: readonly number[], reference: readonly number[]): Ratio {
  const ratios = values.map((value, index) => value / (reference[index] ?? Number.NaN));
  return { middle: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}
