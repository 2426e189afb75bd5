export { fleetOverview } from './fleet-overview.ts';
export { HealthCounter } from './health-counter.ts';
export { CountPruner, PresencePruner } from './health-pruner.ts';
export { healthSeries } from './health-series.ts';
export { listPresence } from './list-presence.ts';
export { onlineSeries } from './online-series.ts';
export { PresenceLog } from './presence-log.ts';
