import type { Integration, IntegrationDetails, Settings } from './integrations-of.ts';

/** What the cloud shows in place of a secret, and takes for "as it is". */
export const MASK = '[[SENSITIVE]]';

/** Keys of the cloud's answers that are no settings. */
const ANSWER_KEYS: readonly string[] = [
  'id',
  'ok',
  'hookUrl',
  'integrationUrl',
  'created_at',
  'updated_at',
  'counters',
  'logs',
  'last_result',
  'last_30_days',
];

/** The settings in an answer of the cloud: what an update sends back to leave everything as it is. */
export function settingsOf(answer: Integration | IntegrationDetails): Settings {
  return Object.fromEntries(Object.entries(answer).filter(([key]) => !ANSWER_KEYS.includes(key)));
}
