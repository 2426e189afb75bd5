import { type Entropy, hours } from '@cloudchamber/kernel';
import type { Metric } from '@cloudchamber/wire';
import { MetricId } from './metric-id.ts';
import { RADIOS, type Radio } from './radio.ts';

/** Percent that a battery loses in an hour, and gains on the charger. */
const LOSS_PER_HOUR = 1;
const GAIN_PER_HOUR = 30;
const CHARGE_BELOW = 20;
const CHARGED_AT = 95;
const CHARGING = 2;
const DISCHARGING = 4;
const ON_USB = 2;
const ON_BATTERY = 5;
const CONNECTED = 4;

/** What a virtual device would measure if it were a real one: signal, battery, memory. Made up from its entropy, drifting slowly. */
export class Surroundings {
  readonly #radio: Radio;
  readonly #fraction: () => number;
  readonly #cellId: number;
  #strength: number;
  #quality: number;
  #roundTripMs: number;
  #usedShare: number;
  #charge: number;
  #isCharging = false;
  #at: number;

  /** @param now monotonic ms, as below */
  constructor(kind: keyof typeof RADIOS, entropy: Entropy, now: number) {
    this.#radio = RADIOS[kind];
    this.#fraction = () => entropy.fraction();
    const [weakest, strongest] = this.#radio.strength;
    const [worst, best] = this.#radio.quality;
    this.#strength = between(weakest, strongest, 0.3 + this.#fraction() * 0.6);
    this.#quality = between(worst, best, 0.3 + this.#fraction() * 0.6);
    this.#roundTripMs = this.#radio.roundTripMs * (0.7 + this.#fraction() * 0.6);
    this.#usedShare = 0.3 + this.#fraction() * 0.3;
    this.#charge = 40 + this.#fraction() * 55;
    this.#cellId = Math.floor(this.#fraction() * 0xfffffff);
    this.#at = now;
  }

  /** Bytes of memory that are free, of so many. */
  freeOf(totalBytes: number): number {
    return Math.floor(totalBytes * (1 - this.#usedShare));
  }

  /** What the device measures now. Numbers with fractions are 8.8 fixed point (protocol section 8.4). */
  measure(now: number): Metric[] {
    this.#drift(now);
    const { strength, quality, accessTechnology, cell } = this.#radio;
    const metrics: Metric[] = [
      { id: MetricId.NETWORK_STATUS, value: CONNECTED },
      { id: MetricId.NETWORK_ERROR, value: 0 },
      { id: MetricId.SIGNAL_STRENGTH, value: fixed(percent(this.#strength, strength)) },
      { id: MetricId.SIGNAL_STRENGTH_VALUE, value: fixed(this.#strength) },
      { id: MetricId.SIGNAL_QUALITY, value: fixed(percent(this.#quality, quality)) },
      { id: MetricId.SIGNAL_QUALITY_VALUE, value: fixed(this.#quality) },
      { id: MetricId.ACCESS_TECHNOLOGY, value: accessTechnology },
      { id: MetricId.COAP_ROUND_TRIP, value: Math.round(this.#roundTripMs) },
    ];
    return cell === undefined ? metrics : [...metrics, ...this.#cellular(cell)];
  }

  #cellular({ countryCode, networkCode, areaCode }: NonNullable<Radio['cell']>): Metric[] {
    return [
      { id: MetricId.CELL_COUNTRY, value: countryCode },
      { id: MetricId.CELL_NETWORK, value: networkCode },
      { id: MetricId.CELL_AREA, value: areaCode },
      { id: MetricId.CELL_ID, value: this.#cellId },
      { id: MetricId.BATTERY_CHARGE, value: fixed(this.#charge) },
      { id: MetricId.BATTERY_STATE, value: this.#isCharging ? CHARGING : DISCHARGING },
      { id: MetricId.POWER_SOURCE, value: this.#isCharging ? ON_USB : ON_BATTERY },
    ];
  }

  #drift(now: number): void {
    const step = (value: number, size: number, [low, high]: readonly [number, number]): number =>
      Math.min(high, Math.max(low, value + (this.#fraction() - 0.5) * size));
    const { strength, quality, roundTripMs } = this.#radio;
    this.#strength = step(this.#strength, 3, strength);
    this.#quality = step(this.#quality, 2, quality);
    this.#roundTripMs = step(this.#roundTripMs, roundTripMs / 10, [roundTripMs / 2, roundTripMs * 3]);
    this.#usedShare = step(this.#usedShare, 0.01, [0.2, 0.9]);
    const passedHours = (now - this.#at) / hours(1);
    const change = this.#isCharging ? GAIN_PER_HOUR : -LOSS_PER_HOUR;
    this.#charge = Math.min(100, Math.max(1, this.#charge + change * passedHours));
    if (this.#charge < CHARGE_BELOW) this.#isCharging = true;
    else if (this.#charge >= CHARGED_AT) this.#isCharging = false;
    this.#at = now;
  }
}

function between(low: number, high: number, share: number): number {
  return low + (high - low) * share;
}

function percent(value: number, [low, high]: readonly [number, number]): number {
  return ((value - low) / (high - low)) * 100;
}

function fixed(value: number): number {
  return Math.round(value * 256);
}
