export interface PublishValues {
  readonly name: string;
  /** Empty for none. */
  readonly data: string;
  /** Seconds. */
  readonly ttl: number;
}

const KEY = 'chamber.publish';
const FIRST: PublishValues = { name: '', data: '', ttl: 60 };

/** What the person published last, kept in this browser. */
export const lastPublish = {
  get: (): PublishValues => parsePublish(localStorage.getItem(KEY)),
  set: (values: PublishValues): void => localStorage.setItem(KEY, JSON.stringify(values)),
};

/** @returns what was kept, as far as it can be used. @param text JSON; null for nothing */
export function parsePublish(text: string | null): PublishValues {
  try {
    const kept: unknown = JSON.parse(text ?? '{}');
    const fields = new Map<string, unknown>(typeof kept === 'object' && kept !== null ? Object.entries(kept) : []);
    const [name, data, ttl] = [fields.get('name'), fields.get('data'), fields.get('ttl')];
    return {
      name: typeof name === 'string' ? name : FIRST.name,
      data: typeof data === 'string' ? data : FIRST.data,
      ttl: typeof ttl === 'number' ? ttl : FIRST.ttl,
    };
  } catch {
    return FIRST;
  }
}
