import type { Metric } from '@cloudchamber/wire';
import { MetricId } from './metric-id.ts';
import type { OutgoingCounts } from './outgoing.ts';

/** Memory that a device tells of, in bytes. */
export interface DeviceMemory {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** What the metrics are made of. */
export interface DeviceVitals extends OutgoingCounts {
  readonly uptimeMs: number;
  readonly connectAttempts: number;
  readonly disconnects: number;
  readonly memory: DeviceMemory;
  /** Of radio and battery. */
  readonly measured: readonly Metric[];
}

/** Device OS numbers its connection states from 0, disconnected, to 2, connected. */
const CONNECTED = 2;
const LARGEST = 0x7fffffff;

/** The metrics of a connected device. */
export function deviceMetrics(vitals: DeviceVitals): Metric[] {
  const { totalBytes, freeBytes } = vitals.memory;
  return [
    { id: MetricId.UPTIME, value: fit(vitals.uptimeMs / 1000) },
    { id: MetricId.CLOUD_STATUS, value: CONNECTED },
    { id: MetricId.CLOUD_DISCONNECTS, value: fit(vitals.disconnects) },
    { id: MetricId.COAP_RETRANSMITTED, value: fit(vitals.retransmitted) },
    { id: MetricId.COAP_UNACKNOWLEDGED, value: fit(vitals.unacknowledged) },
    { id: MetricId.COAP_TRANSMITTED, value: fit(vitals.transmitted) },
    { id: MetricId.CLOUD_ATTEMPTS, value: fit(vitals.connectAttempts) },
    { id: MetricId.MEMORY_FREE, value: fit(freeBytes) },
    { id: MetricId.MEMORY_TOTAL, value: fit(totalBytes) },
    { id: MetricId.MEMORY_USED, value: fit(totalBytes - freeBytes) },
    ...vitals.measured,
  ];
}

/** A metric is an int32. */
function fit(value: number): number {
  return Math.min(Math.floor(value), LARGEST);
}
