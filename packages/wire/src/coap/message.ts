export const CoapType = { CON: 0, NON: 1, ACK: 2, RST: 3 } as const;
export type CoapType = (typeof CoapType)[keyof typeof CoapType];

export interface CoapOption {
  readonly number: number;
  readonly value: Uint8Array;
}

/** A decoded message. Token, option values and payload share memory with the datagram: copy what outlives it. */
export interface CoapMessage {
  readonly type: CoapType;
  readonly code: number;
  readonly id: number;
  readonly token: Uint8Array;
  /** In the order of the wire, so by ascending number. */
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}

/** What `encodeCoap` takes. A string stands for its UTF-8 bytes and is written straight into the message. */
export interface CoapFields {
  readonly type: CoapType;
  readonly code: number;
  readonly id: number;
  readonly token?: Uint8Array;
  /** In any order; options of the same number keep theirs. */
  readonly options?: readonly CoapOptionFields[];
  /** Empty is the same as none: the marker is left out. */
  readonly payload?: Uint8Array | string;
}

export interface CoapOptionFields {
  readonly number: number;
  readonly value: Uint8Array | string;
}

export const PAYLOAD_MARKER = 0xff;
export const MAX_OPTION_NUMBER = 0xffff;
export const NO_BYTES = new Uint8Array(0);
