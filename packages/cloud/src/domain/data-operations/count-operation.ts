import { errorMessage } from '@cloudchamber/kernel';
import type { Operation } from '../../store/index.ts';
import type { Ambient } from '../context.ts';

/**
 * Counts a data operation that no event carries (BIL-13). Resolves after the commit that has it, which others share. A store that refuses it does not undo
 * what happened: the count waits for the next commit.
 */
export async function countOperation(
  { store, log }: Pick<Ambient, 'store' | 'log'>,
  operation: Operation,
): Promise<void> {
  try {
    await store.operations.count(operation);
  } catch (error) {
    const { kind, deviceId } = operation;
    log.warn({ kind, device: deviceId, error: errorMessage(error) }, 'a data operation waits to be stored');
  }
}
