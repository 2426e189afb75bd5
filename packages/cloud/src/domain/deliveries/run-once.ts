import type { StoredEvent } from '../../store/index.ts';
import { DomainError } from '../domain-error.ts';
import type { OpenIntegration } from '../integrations/index.ts';
import type { CallOutcome } from './delivery-target.ts';
import type { IntegrationTargets } from './delivery-targets.ts';

/** What became of one request that nobody waits for but who asked for it. */
export type SingleRun = Pick<CallOutcome, 'ok' | 'status' | 'body' | 'error' | 'requestText' | 'responseText'>;

/**
 * Makes one attempt now, outside of the queue: nothing is stored, published, counted or tried again. For the test of an integration.
 * @param event may be invented; nothing looks for it in the log
 */
export async function runOnce(
  targets: Pick<IntegrationTargets, 'open'>,
  integration: OpenIntegration,
  event: StoredEvent,
): Promise<SingleRun> {
  try {
    const { ok, status, body, error, requestText, responseText } = await targets
      .open(integration)
      .prepare(event)
      .send();
    return { ok, status, body, error, requestText, responseText };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ok: false, status: null, body: null, error: error.message, requestText: '', responseText: '' };
  }
}
