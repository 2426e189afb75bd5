/** How an event is published (protocol section 5.3). */
export interface PublishOptions {
  /** CoAP Content-Format; text when it doesn't say, and always text before 6.2. */
  readonly contentFormat?: number;
  /** 60 when it doesn't say; 0 to 16777215. */
  readonly ttlSeconds?: number;
  /** Before 6.2: only for the owner; public when it doesn't say. Later ones are all private. */
  readonly private?: boolean;
  /** False sends it once, without an ACK. */
  readonly confirmable?: boolean;
}
