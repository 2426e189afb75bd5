import { expect, it } from 'vitest';
import type { VitalsSummary } from './device-api.ts';
import { chartInWords, disconnects, vitalCharts } from './vital-charts.ts';

const spread = (avg: number) => ({ max: avg, min: avg, avg, med: avg, warnings: [] });
const nothing = {
  batteryCharging: null,
  batteryConnected: null,
  signalStrength: null,
  signalStrengthValue: null,
  signalQuality: null,
  roundTripTime: null,
  memoryUsed: null,
  batteryCharge: null,
};
const summary: VitalsSummary = {
  deviceID: 'e00fce68a1b2c3d4e5f60718',
  memoryAvailable: null,
  bucketSize: 60_000,
  startDate: '2026-02-03T08:00:00.000Z',
  endDate: '2026-02-03T08:03:00.000Z',
  hasBattery: false,
  samples: [
    { ...nothing, timestamp: '2026-02-03T08:00:00.000Z', memoryUsed: spread(2048) },
    { ...nothing, timestamp: '2026-02-03T08:01:00.000Z' },
    { ...nothing, timestamp: '2026-02-03T08:02:00.000Z', memoryUsed: spread(1024), roundTripTime: spread(46) },
  ],
};

it('charts what was measured, with gaps', () => {
  expect(vitalCharts(summary).map(({ measure, values }) => [measure, values])).toEqual([
    ['memoryUsed', [2, null, 1]],
    ['roundTripTime', [null, null, 46]],
  ]);
});

it('puts a chart into words', () => {
  const [memory] = vitalCharts(summary);
  expect(memory && chartInWords(memory)).toBe('Memory used: between 1 and 2 KiB, 1 KiB at last');
});

it('counts how often the device went in each part', () => {
  const gone = ['08:00:00', '08:00:59', '08:02:30', '08:03:00'].map((time) => Date.parse(`2026-02-03T${time}.000Z`));
  expect(disconnects(gone, summary)).toEqual([2, 0, 1]);
});
