export { DeviceFanOut } from './device-fan-out.ts';
export { EventIntake, type EventIntakeParts } from './event-intake.ts';
export { eventText } from './event-text.ts';
export { liveEvents } from './live-events.ts';
export { LiveHub, passes, type StreamFilter, type StreamListener } from './live-hub.ts';
export { type PublishEventInput, publishEvent } from './publish-event.ts';
