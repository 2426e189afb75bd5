export { approveDeviceKey, approveKey, approveProductKey } from './approve-key.ts';
export { AttemptPruner } from './attempt-pruner.ts';
export { AttemptRecorder } from './attempt-recorder.ts';
export {
  type AttemptList,
  type AttemptSearch,
  type ListedAttempt,
  listAttempts,
  listDeviceAttempts,
  listOwnAttempts,
  listProductAttempts,
  listProductDeviceAttempts,
} from './list-attempts.ts';
export { type CloudPlaces, nextStep } from './next-step.ts';
export { summarizeAttempts } from './summarize-attempts.ts';
