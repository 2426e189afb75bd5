/** Whose integration it is (INT-01, INT-02). Customers have none (INT-03). */
export interface IntegrationOwner {
  readonly kind: 'user' | 'product' | 'organization';
  /** The account, the product's number as text, or the organization. */
  readonly id: string;
}

export type IntegrationType = 'Webhook' | 'GoogleCloudPubSub';

/** How often a failed delivery is tried again: as the documents say, or for three days. */
export type DeliveryMode = 'compatible' | 'durable';

/** An integration as answers show it: secrets are masked. */
export interface Integration {
  /** 24 hex digits. */
  readonly id: string;
  readonly owner: IntegrationOwner;
  readonly type: IntegrationType;
  readonly event: string;
  readonly name: string;
  readonly disabled: boolean;
  /** What was asked for, unknown keys too, with `[[SENSITIVE]]` for secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** ms UTC */
  readonly createdAt: number;
  readonly updatedAt: number;
}
