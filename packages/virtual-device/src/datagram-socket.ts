/** A UDP socket as a device sees it; tests pass a simulated one. */
export interface DatagramSocket {
  /** Hands over what arrives. The receiver owns the bytes. `address` is the peer's IP as text. */
  onDatagram(receive: (bytes: Uint8Array, address: string, port: number) => void): void;
  /** Sends one datagram. Failures to send are the network's: they show up as loss. */
  send(bytes: Uint8Array, address: string, port: number): void;
  /** The port that it is bound to. */
  readonly port: number;
  close(): Promise<void>;
}

/** Where a cloud listens. The address is an IP: devices resume without a look-up (protocol section 1.7). */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}
