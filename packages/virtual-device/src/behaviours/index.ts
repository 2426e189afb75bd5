import type { BehaviourFactory } from './behaviour.ts';
import { echo } from './echo.ts';
import { tinker } from './tinker.ts';
import { tracker } from './tracker.ts';
import { weather } from './weather.ts';

/** Every behaviour by the name it has on the command line. A new one is a file of its own and a line here. */
export const BEHAVIOURS: ReadonlyMap<string, BehaviourFactory> = new Map([
  ['tinker', tinker],
  ['weather', weather],
  ['echo', echo],
  ['tracker', tracker],
]);
