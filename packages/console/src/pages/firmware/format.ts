/** @returns such as "67 KB" (1 KB is 1000 bytes) */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @returns such as "1 device" or "12 devices" */
export function devicesText(count: number): string {
  return count === 1 ? '1 device' : `${count.toLocaleString('en')} devices`;
}

/** @param minutes whole @returns such as "1 day", "90 minutes" or "36 hours", in the largest unit that fits */
export function minutesText(minutes: number): string {
  const units = [
    ['day', 1440],
    ['hour', 60],
    ['minute', 1],
  ] as const;
  const [unit, length] = units.find(([, size]) => minutes >= size && minutes % size === 0) ?? ['minute', 1];
  const count = minutes / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
