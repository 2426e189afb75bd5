/** A TCP connection as a device sees it; tests pass a simulated one. */
export interface DeviceStream {
  /** Hands over what arrives. The receiver owns the bytes. */
  onData(receive: (bytes: Uint8Array) => void): void;
  /** Called once, however the connection ended. */
  onClose(closed: () => void): void;
  write(bytes: Uint8Array): void;
  /** Closes it once everything that was written is sent. */
  end(): void;
}
