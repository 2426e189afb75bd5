import type { Generated } from 'kysely';

/** What is done with events outside of the cloud: a webhook or a Pub/Sub topic (section 4 of the event notes). */
export interface IntegrationRow {
  /** 24 hex digits. */
  id: string;
  owner_kind: 'user' | 'product' | 'organization';
  /** The account, the product's number as text, or the organization. */
  owner_id: string;
  integration_type: 'Webhook' | 'GoogleCloudPubSub';
  /** Prefix of the names of triggering events. */
  event: string;
  name: string;
  /** The only device that triggers it, or null for all; accounts only. */
  device_id: string | null;
  /** JSON of what was asked for, secrets masked. */
  settings: string;
  /** Sealed JSON of the secrets and the key that requests are signed with. */
  secrets: Uint8Array;
  /** How often is tried again: as the documents say, or for three days. */
  mode: 'compatible' | 'durable';
  disabled: number;
  created_at: number;
  updated_at: number;
}

/** Outcomes of a day. */
interface IntegrationCounterRow {
  integration_id: string;
  /** Begin of the day in UTC, ms. */
  day: number;
  success: number;
  error: number;
  /** Skipped: too many errors of that host. */
  sleep: number;
}

/** One of the last requests, or of the last failures. */
export interface IntegrationLogRow {
  sequence: Generated<number>;
  integration_id: string;
  kind: 'success' | 'error';
  at: number;
  /** JSON of the triggering event. */
  event: string;
  request: string;
  response: string;
}

/** An event that is owed to an integration: written with the event, gone when it was delivered. */
interface DeliveryRow {
  id: Generated<number>;
  integration_id: string;
  event_sequence: number;
  created_at: number;
  /** When the next attempt is to be made; null when none is left, and it is kept as failed. */
  due_at: number | null;
  attempts: Generated<number>;
  last_error: string | null;
}

export interface IntegrationsTables {
  integrations: IntegrationRow;
  integration_counters: IntegrationCounterRow;
  integration_logs: IntegrationLogRow;
  deliveries: DeliveryRow;
}
