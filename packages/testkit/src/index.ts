export type { OpenStore } from './stores.ts';
export { describeStores } from './stores.ts';
export { VirtualClock } from './virtual-clock.ts';
