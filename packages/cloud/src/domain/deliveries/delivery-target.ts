import type { StoredEvent } from '../../store/index.ts';
import type { HookEvent, OwedEvent } from '../integrations/index.ts';

/** How an attempt ended. */
export interface CallOutcome {
  /** Was it delivered? */
  readonly ok: boolean;
  /** Why not, as `hook-error` says it; null when it was. */
  readonly error: string | null;
  /** HTTP status; null when there was no reply. */
  readonly status: number | null;
  /** What the reply causes: response events of a success, nothing otherwise. */
  readonly events: readonly HookEvent[];
  /** As a log shows them, secrets masked. */
  readonly requestText: string;
  readonly responseText: string;
  /** The reply's body as text, secrets masked; null when there was none. */
  readonly body: string | null;
  /** `never`: the same would happen again. `busy`: nothing was sent, since this cloud has too much to do. */
  readonly again: 'later' | 'never' | 'busy';
  /** What the reply asks for, ms from now. */
  readonly retryAfterMs: number | null;
}

/** One attempt, ready to be made. */
export interface Call {
  /** Host name, in lower case: attempts are limited and throttled by it. */
  readonly host: string;
  /** Makes the attempt. It doesn't reject. */
  send(): Promise<CallOutcome>;
}

/** An integration as deliveries see it: settings and secrets are inside. */
export interface DeliveryTarget {
  readonly id: string;
  readonly owner: { readonly kind: 'user' | 'product' | 'organization'; readonly id: string };
  readonly mode: 'compatible' | 'durable';
  readonly disabled: boolean;
  /** @throws DomainError when no request can be made of this event: it never will be */
  prepare(event: OwedEvent): Call;
  /** What is published when the first attempt begins; null for a type that has no such event. */
  sentEvent(event: StoredEvent): HookEvent | null;
  /** What is published when a delivery failed. @throws DomainError when the topic cannot be made of this event */
  errorEvent(event: OwedEvent, why: string): HookEvent;
}

/** Where the worker learns of an integration; null when it is gone. */
export interface DeliveryTargets {
  find(integrationId: string): Promise<DeliveryTarget | null>;
}
