export { checkPosition, newestPosition } from './check-position.ts';
export type { ConsumerGroupView } from './consumer-group.ts';
export { ConsumerGroups } from './consumer-groups.ts';
export { eventFeed } from './event-feed.ts';
export type { EventReader, RunningFeed, StreamFeed } from './event-reader.ts';
