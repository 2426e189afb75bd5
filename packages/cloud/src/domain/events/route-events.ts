import type { NewEvent, Store } from '../../store/index.ts';
import { isReservedName } from '../devices/index.ts';

/** Which integrations an event triggers. */
export interface EventTargets {
  /** Ids, each once. At once: events keep the order in which they came. */
  integrationsFor(event: NewEvent): readonly string[];
}

/**
 * The store, with an event log that knows where events go: what is appended through it is owed to the integrations that it triggers, and counted
 * when it is a data operation, in its own commit (design section 3).
 */
export function routeEvents(store: Store, targets: EventTargets): Store {
  return {
    ...store,
    events: {
      append(event, witness) {
        const deliveries = targets.integrationsFor(event);
        return store.events.append({ ...event, counted: isDataOperation(event), deliveries }, witness);
      },
      read: (query) => store.events.read(query),
    },
  };
}

/** A publish of a device counts (BIL-13); what the system says does not (BIL-17), nor what comes over the API (BIL-20). */
function isDataOperation({ deviceId, publisher, name }: NewEvent): boolean {
  return deviceId !== null && publisher === deviceId && !isReservedName(name);
}
