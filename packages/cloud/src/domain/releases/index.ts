export { firmwareTargets, type TargetsChanged } from './target-topic.ts';
