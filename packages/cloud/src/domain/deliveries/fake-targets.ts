import type { StoredEvent } from '../../store/index.ts';
import { DomainError } from '../domain-error.ts';
import { hookSentEvent } from '../integrations/index.ts';
import type { CallOutcome, DeliveryTarget, DeliveryTargets } from './delivery-target.ts';

/** How a fake host answers: a status, an error text, or silence until somebody lets it go. */
export type Answer = (
  event: StoredEvent,
  integrationId: string,
) => Promise<Partial<CallOutcome>> | Partial<CallOutcome>;

export interface FakeIntegration {
  readonly id: string;
  readonly host?: string;
  readonly owner?: DeliveryTarget['owner'];
  readonly mode?: DeliveryTarget['mode'];
  readonly disabled?: boolean;
  readonly answer: Answer;
}

export const OK: Partial<CallOutcome> = { ok: true, status: 200 };
export const failure = (status: number, more: Partial<CallOutcome> = {}): Partial<CallOutcome> => ({
  ok: false,
  status,
  error: `error status ${status} from host.example`,
  ...more,
});

/** Integrations without a network, for tests: they note every attempt, and do as they are told. */
export class FakeTargets implements DeliveryTargets {
  readonly integrations = new Map<string, FakeIntegration>();
  /** Sequences by integration, in the order of attempts. */
  readonly attempts = new Map<string, number[]>();
  /** Those whose answer was a success. */
  readonly delivered = new Map<string, number[]>();
  /** Attempts that are waiting for their answer, by host, and the most there were. */
  readonly underWay = new Map<string, number>();
  readonly mostUnderWay = new Map<string, number>();

  add(integration: FakeIntegration): void {
    this.integrations.set(integration.id, integration);
  }

  async find(integrationId: string): Promise<DeliveryTarget | null> {
    const integration = this.integrations.get(integrationId);
    return integration === undefined ? null : this.#target(integration);
  }

  #target(integration: FakeIntegration): DeliveryTarget {
    const { id, host = 'host.example', mode = 'durable', disabled = false, answer } = integration;
    return {
      id,
      owner: integration.owner ?? { kind: 'user', id: 'ann' },
      mode,
      disabled,
      prepare: (event) => {
        if (event.name === 'unmakeable') throw new DomainError('invalid', 'integration.bad_request', 'No such address');
        return { host, send: () => this.#send(id, host, event, answer) };
      },
      sentEvent: hookSentEvent,
      errorEvent: (event, why) => ({ name: `hook-error/${event.name}/0`, data: Buffer.from(why), contentFormat: 0 }),
    };
  }

  async #send(id: string, host: string, event: StoredEvent, answer: Answer): Promise<CallOutcome> {
    note(this.attempts, id, event.sequence);
    const now = (this.underWay.get(host) ?? 0) + 1;
    this.underWay.set(host, now);
    this.mostUnderWay.set(host, Math.max(now, this.mostUnderWay.get(host) ?? 0));
    const outcome = await answer(event, id);
    this.underWay.set(host, (this.underWay.get(host) ?? 1) - 1);
    if (outcome.ok) note(this.delivered, id, event.sequence);
    return { ...NOTHING, ...outcome };
  }
}

const NOTHING: CallOutcome = {
  ok: false,
  error: null,
  status: null,
  events: [],
  requestText: 'POST / HTTP/1.1',
  responseText: '',
  body: null,
  again: 'later',
  retryAfterMs: null,
};

function note(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(value);
}
