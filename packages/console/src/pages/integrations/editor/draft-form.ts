import type { UseFormReturnType } from '@mantine/form';
import type { IntegrationDraft } from '../settings/draft.ts';

export type DraftForm = UseFormReturnType<IntegrationDraft>;

/** Keys of settings whose fields of the form are called otherwise. */
const FIELDS: Readonly<Record<string, string>> = {
  requestType: 'method',
  deviceID: 'deviceId',
  rejectUnauthorized: 'verifyCertificate',
  signing_secret: 'signingSecret',
};

/**
 * @param message of a refusal, such as `url: must begin with http:// or https://`
 * @returns the field that it is about and what it says; undefined when it names none
 */
export function refusedField(message: string): { readonly field: string; readonly text: string } | undefined {
  const [, key, text] = /^([A-Za-z_]+)(?:\.[^:]*)?: (.+)$/s.exec(message) ?? [];
  return key === undefined || text === undefined ? undefined : { field: FIELDS[key] ?? key, text };
}
