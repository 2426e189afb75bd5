import { expect, it } from 'vitest';
import { figureOf } from './read-metrics.ts';

const PAGE = `# HELP chamber_gateway_devices Sessions held
chamber_gateway_devices{state="sessions"} 3
chamber_gateway_devices{state="online"} 2
chamber_events_stored 1.5e3
odd NaN
`;

it('a figure is that of its name and labels, and the sum where there are several', () => {
  expect(figureOf(PAGE, 'chamber_gateway_devices', { state: 'online' })).toBe(2);
  expect(figureOf(PAGE, 'chamber_gateway_devices')).toBe(5);
  expect(figureOf(PAGE, 'chamber_events_stored')).toBe(1500);
});

it('what is not there is undefined, and so is what is no number', () => {
  expect(figureOf(PAGE, 'chamber_events')).toBeUndefined();
  expect(figureOf(PAGE, 'odd')).toBeUndefined();
});
