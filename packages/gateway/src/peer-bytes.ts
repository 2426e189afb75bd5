/**
 * A peer's address and port as bytes for its cookie. Text is enough: the socket hands out one spelling per address.
 */
export function peerBytes(address: string, port: number): Uint8Array {
  return Buffer.from(`${address} ${port}`, 'latin1');
}
