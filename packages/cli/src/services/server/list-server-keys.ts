import type { Output } from '@cloudchamber/contract/client';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

export type ServerKey = Output<'listServerKeys'>['keys'][number];

/** Every key that the cloud has or had, oldest first as the cloud lists them. Takes an operator. */
export async function listServerKeys({ cloud }: Pick<Context, 'cloud'>): Promise<readonly ServerKey[]> {
  return (await cloud.call('listServerKeys')).keys;
}

/** A table of them: the fingerprint by its first 16 digits. */
export function serverKeyLines(keys: readonly ServerKey[]): string[] {
  const rows = keys.map((key) => [
    key.id,
    key.algorithm,
    key.fingerprint.slice(0, 16),
    key.created_at,
    String(key.devices),
    key.retired_at === null ? 'in use' : `retired ${key.retired_at}`,
  ]);
  return tableOf(['ID', 'ALGORITHM', 'FINGERPRINT', 'MADE', 'DEVICES', 'STATE'], rows).map(printable);
}
