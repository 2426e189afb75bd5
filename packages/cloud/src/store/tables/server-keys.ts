/** A long-term key of this cloud, which devices know the public half of. */
export interface ServerKeyRow {
  id: string;
  /** `ec-p256` for DTLS, `rsa-2048` for TCP. */
  algorithm: string;
  /** 1 for the first key of an algorithm, and one more for each that followed it. */
  generation: number;
  /** DER SubjectPublicKeyInfo. */
  public_key: Uint8Array;
  /** PKCS #8 PEM under the secret box, context `server-key:<id>`. */
  sealed_private_key: Uint8Array;
  created_at: number;
  /** From then on no handshake is made with it; null while it is in use. */
  retired_at: number | null;
}

/** The table of migrations 0004 and 0006. */
export interface ServerKeysTables {
  server_keys: ServerKeyRow;
}
