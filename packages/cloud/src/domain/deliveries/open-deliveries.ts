import { readFile } from 'node:fs/promises';
import { ChamberError, type Clock, type Entropy, errorMessage, type Logger } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import { OutboundClient } from '../../outbound/index.ts';
import type { SecretBox, Store } from '../../store/index.ts';
import type { HealthCounter } from '../health/index.ts';
import type { DeliveryBacklog } from './delivery-backlog.ts';
import { DeliveryPruner } from './delivery-pruner.ts';
import { IntegrationTargets } from './delivery-targets.ts';
import { type AttemptKind, DeliveryWorker } from './delivery-worker.ts';
import { PubSubPublisher } from './pub-sub-target.ts';

export interface DeliveriesParts {
  /** With the event log of `routeEvents`. */
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
  readonly secrets: SecretBox;
  /** The one that the routed event log is bounded by. */
  readonly backlog: DeliveryBacklog;
  /** What counts attempts for products. */
  readonly health?: HealthCounter;
  /** CHAMBER_OUTBOUND_ALLOW */
  readonly outboundAllow: readonly string[];
  /** CHAMBER_PUBSUB_ENDPOINT */
  readonly pubSubEndpoint?: string | undefined;
  /** The file of CHAMBER_PUBSUB_CREDENTIALS. */
  readonly pubSubCredentials?: string | undefined;
}

/** Figures of deliveries, since this process started or as of now. */
interface DeliveryFigures {
  readonly waiting: number;
  readonly failed: number;
  readonly underWay: number;
  /** ms; 0 when nothing is due. */
  readonly oldestAge: number;
  readonly attempts: ReadonlyMap<AttemptKind, number>;
}

/** Everything that delivers, running. */
export interface Deliveries {
  /** For single requests: `runOnce`. */
  readonly targets: IntegrationTargets;
  figures(): DeliveryFigures;
  /** Waits a few seconds for requests that are under way and aborts the rest, which stays owed. Call it before the store closes. */
  close(): Promise<void>;
}

/**
 * Starts to deliver what is owed, also what an earlier process left.
 * @throws ChamberError `outbound.bad_allow`, `delivery.no_credentials`; DomainError `delivery.bad_service_account`
 */
export async function openDeliveries(parts: DeliveriesParts): Promise<Deliveries> {
  const { clock, backlog, outboundAllow, pubSubEndpoint: endpoint, pubSubCredentials: file } = parts;
  const credentials = file === undefined ? undefined : await readCredentials(file);
  const outbound = new OutboundClient({ allow: outboundAllow, clock });
  // Whoever runs the cloud has named the emulator: that makes it no target of webhooks.
  const pubSubAllow = endpoint === undefined ? outboundAllow : [...outboundAllow, new URL(endpoint).host];
  const pubSubOutbound = new OutboundClient({ allow: pubSubAllow, clock });
  const pubSub = new PubSubPublisher({ outbound: pubSubOutbound, clock, endpoint, credentials });
  const targets = new IntegrationTargets({ ...parts, outbound, pubSub });
  const worker = new DeliveryWorker({ ...parts, targets });
  const pruner = new DeliveryPruner(parts);
  const close = async (): Promise<void> => {
    await Promise.all([worker.close(), pruner.close()]);
    outbound.close();
    pubSubOutbound.close();
  };
  try {
    await worker.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    targets,
    figures: () => ({
      waiting: backlog.total,
      failed: pruner.failed,
      underWay: worker.underWay,
      oldestAge: worker.oldestAge,
      attempts: worker.counts,
    }),
    close,
  };
}

async function readCredentials(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const text = `CHAMBER_PUBSUB_CREDENTIALS must be the key file of a service account: ${errorMessage(error)}`;
    throw new ChamberError('delivery.no_credentials', 'caller', text);
  }
}
