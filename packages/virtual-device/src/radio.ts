/** How a board reaches the network, and the range of what it measures there. */
export interface Radio {
  /** As Device OS numbers them. */
  readonly accessTechnology: number;
  /** Weakest and strongest signal, in dBm: RSSI, RSCP or RSRP. */
  readonly strength: readonly [number, number];
  /** Worst and best quality, in dB: SNR, Ec/N0 or RSRQ. */
  readonly quality: readonly [number, number];
  /** Usual round trip of a message, in ms. */
  readonly roundTripMs: number;
  /** A cell of the test network, 001-01. */
  readonly cell?: { readonly countryCode: number; readonly networkCode: number; readonly areaCode: number };
}

const CELL = { countryCode: 1, networkCode: 1, areaCode: 4711 };

export const RADIOS = {
  wifi: { accessTechnology: 1, strength: [-90, -40], quality: [0, 40], roundTripMs: 60 },
  umts: { accessTechnology: 4, strength: [-120, -50], quality: [-24, 0], roundTripMs: 500, cell: CELL },
  lte: { accessTechnology: 6, strength: [-120, -60], quality: [-19, -4], roundTripMs: 180, cell: CELL },
  'lte-m': { accessTechnology: 8, strength: [-120, -60], quality: [-19, -4], roundTripMs: 650, cell: CELL },
} as const satisfies Record<string, Radio>;
