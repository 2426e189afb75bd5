/** Bytes of data in an event of a device that publishes block-wise (protocol section 5.3). */
export const MOST_DEVICE_DATA_BYTES = 16_384;

/** Bytes of data that a device can be sent (protocol section 6.1), and therefore what the API takes (MSG-16). */
export const MOST_DELIVERED_DATA_BYTES = 1024;

/** Seconds; what a publish without one means (protocol section 5.3). */
export const DEFAULT_TTL_SECONDS = 60;
export const MOST_TTL_SECONDS = 16_777_215;
