export { DeviceFanOut } from './device-fan-out.ts';
export { EventIntake } from './event-intake.ts';
export { eventText } from './event-text.ts';
export { liveEvents } from './live-events.ts';
export { LiveHub, type StreamFilter, type StreamPlace } from './live-hub.ts';
export { publishEvent, publishProductEvent } from './publish-event.ts';
export { type EventTargets, routeEvents } from './route-events.ts';
export { tellOfDevice } from './tell-of-device.ts';
export { tellOfProduct } from './tell-of-product.ts';
