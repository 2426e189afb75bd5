import { ApiError, type Output } from '@cloudchamber/contract/client';
import { parseDeviceId } from '@cloudchamber/kernel';
import { CliError, usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { shellWord } from './device-text.ts';

const REQUEST_TRANSFER = '--request-transfer';
const QUESTION = 'That device belongs to someone else. Would you like to request a transfer?';

interface Claim {
  readonly id: string;
  /** Asks its owner for it, when it belongs to somebody else. */
  readonly requestTransfer: boolean;
}

/**
 * Claims a device (CLI-08). When it belongs to somebody else, a transfer is requested: at once, or when the question is answered so.
 * @throws CliError of kind `usage` for what is no id; of kind `forbidden` when no transfer is wanted
 */
export async function claimDevice(
  { cloud, ask }: Pick<Context, 'cloud' | 'ask'>,
  { id: given, requestTransfer }: Claim,
): Promise<Output<'claimDevice'>> {
  const id = parseDeviceId(given.trim());
  if (id === undefined) {
    throw usageError(
      `A device is claimed by its id, 24 hex digits such as 0123456789abcdef78901234, not by ${shellWord(given)}`,
      'It is printed on the device, and "chamber identify" reads it over USB.',
    );
  }
  try {
    return await cloud.call('claimDevice', { body: { id, request_transfer: false } });
  } catch (error) {
    if (!(error instanceof ApiError) || !error.message.startsWith('That belongs to someone else')) throw error;
    if (!requestTransfer && !(await ask.confirm(QUESTION, { flag: REQUEST_TRANSFER }))) {
      throw new CliError('forbidden', 'That device belongs to someone else', { status: error.status, cause: error });
    }
  }
  return cloud.call('claimDevice', { body: { id, request_transfer: true } });
}
