export { EventPruner } from './event-pruner.ts';
export type { HistoryPage, HistoryView } from './history-view.ts';
export { nextPosition, queryHistory } from './query-history.ts';
export { getRetention, type Retention, setRetention } from './retention.ts';
export { firstSequenceAt } from './sequence-at.ts';
