import type { SecretBox, Store } from '../../store/index.ts';
import { type OpenIntegration, openIntegration } from '../integrations/index.ts';
import type { DeliveryTarget, DeliveryTargets } from './delivery-target.ts';
import type { CallParts } from './http-call.ts';
import type { PubSubPublisher } from './pub-sub-target.ts';
import { webhookTarget } from './webhook-target.ts';

export interface TargetParts extends CallParts {
  readonly store: Pick<Store, 'reads'>;
  readonly secrets: SecretBox;
  readonly pubSub: PubSubPublisher;
}

/** Finds integrations with their secrets, ready to be delivered to. */
export class IntegrationTargets implements DeliveryTargets {
  readonly #parts: TargetParts;

  constructor(parts: TargetParts) {
    this.#parts = parts;
  }

  /** @throws ChamberError `secret.unreadable` when its secrets were sealed under another key */
  async find(integrationId: string): Promise<DeliveryTarget | null> {
    const integration = await openIntegration(this.#parts, this.#parts, integrationId);
    return integration && this.open(integration);
  }

  open(integration: OpenIntegration): DeliveryTarget {
    const { target } = integration.settings;
    return target.type === 'Webhook'
      ? webhookTarget(this.#parts, integration, target)
      : this.#parts.pubSub.target(integration, target);
  }
}
