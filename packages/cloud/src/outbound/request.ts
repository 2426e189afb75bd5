/** `requestType` of section 4.1 of the API notes. */
export type OutboundMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface OutboundRequest {
  readonly method: OutboundMethod;
  /** http or https. User and password in it become a Basic Authorization header. */
  readonly url: string;
  /** Those that belong to the connection, such as Host and Content-Length, are ignored. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** False accepts any certificate, also an expired one or one of another name. Default true. */
  readonly rejectUnauthorized?: boolean;
  /** From the call to the last byte of the reply, ms. */
  readonly timeoutMs: number;
  /** The most bytes that the reply's body may have, also decompressed. */
  readonly mostResponseBytes: number;
}

/** What the server answered, whatever its status: a redirect is a reply like any other. */
export interface OutboundReply {
  readonly status: number;
  /** Names in lower case; those that came twice are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Buffer;
  /** Media type of the body in lower case without parameters; undefined when the reply names none. */
  readonly contentType: string | undefined;
}
