/** How an event is published (protocol section 5.3). */
export interface PublishOptions {
  /** CoAP Content-Format; text when it doesn't say. */
  readonly contentFormat?: number;
  /** 60 when it doesn't say; 0 to 16777215. */
  readonly ttlSeconds?: number;
  /** False sends it once, without an ACK. */
  readonly confirmable?: boolean;
}
