/** A long-term key of this cloud, which devices know the public half of. */
export interface ServerKeyRow {
  id: string;
  /** `ec-p256` for DTLS. */
  algorithm: string;
  /** DER SubjectPublicKeyInfo. */
  public_key: Uint8Array;
  /** PKCS #8 PEM under the secret box, context `server-key:<id>`. */
  sealed_private_key: Uint8Array;
  created_at: number;
}

/** The table of migration 0004. */
export interface ServerKeysTables {
  server_keys: ServerKeyRow;
}
