export { firmwareTargets, type TargetsChanged } from '../devices/index.ts';
