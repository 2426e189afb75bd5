import type { Ambient } from '../context.ts';
import type { AccountServices } from './account-services.ts';

const LONGEST = 4000;

interface Dated {
  /** Wall time in ms from which it is good for nothing. */
  readonly until: number;
}

/** @returns text that only this cloud can read and make: what it must hear again from a client, without keeping it. */
export function sealNote<Note extends Dated>(
  services: Pick<AccountServices, 'secrets'>,
  context: string,
  note: Note,
): string {
  return Buffer.from(services.secrets.seal(Buffer.from(JSON.stringify(note)), context)).toString('base64url');
}

/** @returns what `sealNote` was given in the same context, or undefined when the text is anything else or its time is over. */
export function openNote<Note extends Dated>(
  ctx: Pick<Ambient, 'clock'>,
  services: Pick<AccountServices, 'secrets'>,
  context: string,
  text: string,
): Note | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    const plain = services.secrets.open(Buffer.from(text, 'base64url'), context);
    const note = JSON.parse(Buffer.from(plain).toString('utf8')) as Note;
    return note.until > ctx.clock.now() ? note : undefined;
  } catch {
    return undefined;
  }
}
