import type { Entropy } from '@cloudchamber/kernel';

interface FaultChance {
  /** How likely the device is to have the fault, 0 to 100; it is drawn once, from the device's entropy. Certain when absent. */
  readonly percent?: number;
}

interface RefuseFault extends FaultChance {
  readonly kind: 'refuse';
  /** What it answers, an `OtaFaultCode`; updates disabled (-1380) when absent. */
  readonly code?: number;
}

interface SlowFault extends FaultChance {
  readonly kind: 'slow';
  /** How fast the device takes firmware, at least 64. */
  readonly bytesPerSecond: number;
}

interface SilentFault extends FaultChance {
  readonly kind: 'bad-flash' | 'never-return' | 'no-restart' | 'stale';
}

/**
 * How a device fails its updates, to try what becomes of a rollout then. It fails every update in the same way until `VirtualDevice.setUpdateFault` says otherwise.
 *
 * - `refuse`: answers the start with an error code (protocol section 9.3).
 * - `bad-flash`: takes everything, and says at the end that the integrity check failed (-1330).
 * - `never-return`: takes the image, and never connects again by itself. `connect` brings it back, with what it had before.
 * - `no-restart`: takes the image, stays connected, and goes on with what it had before.
 * - `stale`: takes the image and restarts without it and without its session; its Hello says nothing of an update.
 * - `slow`: takes firmware at that many bytes per second. What is sent faster gets lost, or is answered late where each chunk has an answer.
 *
 * All but `refuse`, `bad-flash` and `slow` concern code only: assets are stored.
 */
export type UpdateFault = RefuseFault | SlowFault | SilentFault;

/** Draws whether the device has the fault. @returns the fault, or undefined */
export function drawFault(fault: UpdateFault | undefined, entropy: Entropy): UpdateFault | undefined {
  const percent = fault?.percent ?? 100;
  if (percent >= 100) return fault;
  return entropy.fraction() * 100 < percent ? fault : undefined;
}
