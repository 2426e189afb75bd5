const bytes = (text: string) => new TextEncoder().encode(text).length;
const MOST_NAME_BYTES = 64;
const MOST_DATA_BYTES = 1024;

/** @returns why an event cannot have this name, in words; null when it can */
export function nameProblem(name: string): string | null {
  if (name.trim() === '') return 'An event needs a name';
  if (bytes(name) > MOST_NAME_BYTES) return `At most ${MOST_NAME_BYTES} bytes; these are ${bytes(name)}`;
  if (/^(spark|particle)/i.test(name)) return 'Names that begin with spark or particle are the system’s';
  return null;
}

/** @returns why an event cannot have this data, in words; null when it can */
export function dataProblem(data: string): string | null {
  return bytes(data) > MOST_DATA_BYTES ? `At most ${MOST_DATA_BYTES} bytes; these are ${bytes(data)}` : null;
}
