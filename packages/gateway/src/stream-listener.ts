/** One TCP peer as the gateway sees it; tests pass one in memory. */
export interface StreamConnection {
  /** The peer's IP as text. */
  readonly address: string;
  readonly port: number;
  /** Hands over what arrives. The receiver owns the bytes. */
  onData(receive: (bytes: Uint8Array) => void): void;
  /** Called once, however the connection ended; afterwards nothing arrives. */
  onClose(closed: () => void): void;
  /** Sends bytes; nothing happens after the end. */
  write(bytes: Uint8Array): void;
  /** Bytes written that the peer hasn't taken yet. */
  readonly unreadBytes: number;
  /** Closes it once everything that was written is sent. */
  end(): void;
  /** Closes it at once. */
  destroy(): void;
}

/** A listening TCP socket as the gateway sees it. */
export interface StreamListener {
  onConnection(accept: (connection: StreamConnection) => void): void;
  /** The port that it is bound to. */
  readonly port: number;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}
