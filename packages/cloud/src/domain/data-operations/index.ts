export { countOperation } from './count-operation.ts';
export { listOperations } from './list-operations.ts';
export type { OperationPeriod } from './operation-periods.ts';
export { OperationPruner } from './operation-pruner.ts';
export type { OperationGroup, OperationPlace } from './operation-store.ts';
