import { defineTopic } from '../../bus/index.ts';

/** Deliveries of an integration were made due outside of the event log; `more` of them did not wait before. */
export const dueDeliveries = defineTopic<{ readonly integrationId: string; readonly more: number }>('deliveries');
