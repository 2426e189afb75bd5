import { type Entropy, seconds } from '@cloudchamber/kernel';
import type { WaitingDelivery } from './delivery-store.ts';
import type { CallOutcome, DeliveryTarget } from './delivery-target.ts';
import { errorText, eventLogText } from './log-text.ts';
import type { Outcome, OutcomeLog } from './outcome-store.ts';
import { nextAttemptAt } from './retry-schedule.ts';

/** What is written of an attempt that failed, or that could not be made. */
export type Failure = Pick<CallOutcome, 'again' | 'retryAfterMs' | 'requestText' | 'responseText'> & {
  readonly error: string;
  /** What the day's counters are told. */
  readonly counts: 'error' | 'sleep';
};

/** How soon is tried again when this cloud had too much to do. */
const BUSY = seconds(5);

/** A failure before anything was sent. */
export function notSent(error: string, again: 'later' | 'never', counts: 'error' | 'sleep' = 'error'): Failure {
  return { error, again, counts, requestText: '', responseText: '', retryAfterMs: null };
}

export function delivered(delivery: WaitingDelivery, outcome: CallOutcome, now: number): Outcome {
  const log = logOf('success', delivery, outcome.requestText, outcome.responseText);
  return { ...partsOf(delivery, now), state: 'delivered', counts: 'success', log };
}

/** Another attempt by the schedule of its mode, or none. */
export function failed(
  delivery: WaitingDelivery,
  failure: Failure,
  { mode, now, entropy }: { readonly mode: DeliveryTarget['mode']; readonly now: number; readonly entropy: Entropy },
): Outcome {
  const { counts, again, retryAfterMs, requestText, responseText } = failure;
  const error = errorText(failure.error);
  const attempts = delivery.attempts + 1;
  const { createdAt } = delivery;
  const dueAt = again === 'never' ? null : nextAttemptAt({ mode, attempts, createdAt, now, retryAfterMs }, entropy);
  const log =
    counts === 'sleep' ? null : logOf('error', delivery, requestText, responseText === '' ? error : responseText);
  const parts = { ...partsOf(delivery, now), attempts, error, counts, log };
  return dueAt === null ? { ...parts, state: 'failed' } : { ...parts, state: 'waiting', dueAt };
}

/** Waits for `ms` without having used up an attempt, since its host is spared. */
export function slept(delivery: WaitingDelivery, error: string, now: number, ms: number): Outcome {
  const { attempts } = delivery;
  const parts = { ...partsOf(delivery, now), attempts, error, log: null };
  return { ...parts, state: 'waiting', counts: 'sleep', dueAt: now + ms };
}

/** Nothing was sent, and that was not the host's fault. */
export function postponed(delivery: WaitingDelivery, now: number): Outcome {
  const { attempts, lastError: error } = delivery;
  const parts = { ...partsOf(delivery, now), attempts, error, log: null };
  return { ...parts, state: 'waiting', counts: null, dueAt: now + BUSY };
}

function partsOf({ id, integrationId }: WaitingDelivery, at: number) {
  return { deliveryId: id, integrationId, at };
}

function logOf(
  kind: OutcomeLog['kind'],
  { event }: WaitingDelivery,
  request: string,
  response: string,
): OutcomeLog | null {
  return event === null ? null : { kind, event: eventLogText(event), request, response };
}
