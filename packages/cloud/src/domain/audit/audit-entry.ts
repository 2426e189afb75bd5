/** Who did something. `nobody` came without a token, such as whoever signs up or gives a wrong password. */
export interface AuditActor {
  readonly kind: 'user' | 'customer' | 'product' | 'api_user' | 'nobody';
  /** The account, customer or API user, or the product's number as text. */
  readonly id: string | null;
  /** The actor's name at that time. */
  readonly name: string | null;
}

/** What a request changed, told without any value that was sent. */
export interface AuditFacts {
  readonly actor: AuditActor;
  /** The account that it was done to, where the request names one. */
  readonly subjectId: string | null;
  /** IP address. */
  readonly address: string;
  /** The route's operation. */
  readonly operation: string;
  readonly object: AuditObject;
  readonly productId: number | null;
  readonly organizationId: string | null;
  readonly requestId: string;
}

export interface AuditObject {
  /** From the path, secrets masked. */
  readonly params: Readonly<Record<string, string>>;
  /** Names of the fields of the body. */
  readonly fields: readonly string[];
}

export interface AuditEntry extends AuditFacts {
  /** Grows with time; some numbers may be missing. */
  readonly sequence: number;
  /** ms UTC */
  readonly at: number;
}
