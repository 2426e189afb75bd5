import type { StoredEvent } from '../../store/index.ts';

/** Does the name or the data have `text` in it, bytes for bytes, without regard to the case of ASCII letters? */
export function containsText({ name, data }: Pick<StoredEvent, 'name' | 'data'>, text: string): boolean {
  const needle = folded(Buffer.from(text));
  if (folded(Buffer.from(name)).includes(needle)) return true;
  return data !== null && folded(Buffer.from(data.buffer, data.byteOffset, data.length)).includes(needle);
}

/** One character a byte. */
function folded(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
