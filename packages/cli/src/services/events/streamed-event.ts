/** An event of a stream, as it is printed. */
export interface StreamedEvent {
  readonly name: string;
  readonly data: string | null;
  readonly ttl?: number;
  readonly published_at: string;
  /** The device, or `api`. */
  readonly coreid: string;
  /** Its place in the log: what `--since` takes. */
  readonly id?: string;
}

/** @param frame of a stream of events @returns what it says, or undefined when it is no event */
export function eventOf(frame: {
  readonly event: string | undefined;
  readonly data: string;
  readonly id: string | undefined;
}): StreamedEvent | undefined {
  const { event: name, id } = frame;
  let said: unknown;
  try {
    said = JSON.parse(frame.data);
  } catch {
    return undefined;
  }
  if (name === undefined || typeof said !== 'object' || said === null) return undefined;
  const { data, ttl, published_at: at, coreid } = Object.fromEntries<unknown>(Object.entries(said));
  return {
    name,
    data: typeof data === 'string' ? data : null,
    ...(typeof ttl === 'number' && { ttl }),
    published_at: typeof at === 'string' ? at : '',
    coreid: typeof coreid === 'string' ? coreid : '',
    ...(id !== undefined && { id }),
  };
}

/** The line of an event: JSON as the published command line prints it, in which nothing steers a terminal. */
export function lineOf(event: StreamedEvent): string {
  const unsafe = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
  return JSON.stringify(event).replace(unsafe, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
