import { formatTimestamp } from '@cloudchamber/contract';
import type { NewEvent } from '../../store/index.ts';
import { eventText } from '../events/index.ts';

/** Characters of a request or a reply that the log of an integration keeps. */
const MOST_CHARACTERS = 32_768;
const MOST_ERROR_CHARACTERS = 500;

/** Why a delivery failed, as any store takes it. */
export function errorText(text: string): string {
  return logText(text).slice(0, MOST_ERROR_CHARACTERS).toWellFormed();
}

/** Text as any store takes it, and no longer than a log keeps. */
export function logText(text: string): string {
  const plain = text.replaceAll('\0', '\ufffd').toWellFormed();
  return plain.length <= MOST_CHARACTERS ? plain : `${plain.slice(0, MOST_CHARACTERS).toWellFormed()}\n… cut`;
}

/** The triggering event as the log of an integration shows it (section 5 of the event notes), JSON. */
export function eventLogText(event: NewEvent): string {
  const { name, publisher: coreid, publishedAt } = event;
  const data = eventText(event.data, event.contentFormat)?.slice(0, MOST_CHARACTERS) ?? null;
  return JSON.stringify({ name, data, coreid, published_at: formatTimestamp(publishedAt) });
}
