/** The value that `p` percent of `values` do not exceed; NaN for none. Sorts in place. */
export function percentile(values: number[], p: number): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.ceil((p / 100) * values.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile([...values], 50);
}
