import { minutes, seconds } from '@cloudchamber/kernel';

/** Platforms that talk over a cellular modem first: Electron, Boron, B-Series, Tracker, Tracker M, Electron 2. M SoM may use either and gets the patient figure. */
const CELLULAR_PLATFORMS: ReadonlySet<number> = new Set([10, 13, 23, 25, 26, 28, 35, 37]);

const WIFI_KEEP_ALIVE_MS = seconds(25);
const CELLULAR_KEEP_ALIVE_MS = minutes(23);
/** Two keep-alives without a word: 50 s on Wi-Fi, 46 min on cellular (checklist A14, protocol section 12). */
const MISSED_KEEP_ALIVES = 2;

/** How long a device on that platform may be silent before it counts as offline, in ms (CON-12, CON-20). */
export function silenceAllowed(platformId: number): number {
  const keepAlive = CELLULAR_PLATFORMS.has(platformId) ? CELLULAR_KEEP_ALIVE_MS : WIFI_KEEP_ALIVE_MS;
  return MISSED_KEEP_ALIVES * keepAlive;
}

/**
 * A device was heard on the same session after it had been called silent: its application uses a longer keep-alive than its platform's default (CON-12).
 * @param gapMs how long it was silent. @returns the silence to allow from now on, in ms.
 */
export function learnSilence(allowedMs: number, gapMs: number): number {
  return Math.max(allowedMs, Math.min(MISSED_KEEP_ALIVES * gapMs, MISSED_KEEP_ALIVES * CELLULAR_KEEP_ALIVE_MS));
}
