import { errorMessage } from '@cloudchamber/kernel';
import { type CoapMessage, ContentFormat, emptyAck, isTextFormat, type SubscriptionContent } from '@cloudchamber/wire';
import type { ReceivedEvent } from '../behaviours/behaviour.ts';
import type { RequestContext, RequestOf } from './request-context.ts';

/** What the cloud sends to a device whose claim code it took (protocol section 7.1). */
const CLAIMED = 'spark/device/claim/';

/** An event: ACK first (none over TCP: protocol section 15), then every handler whose prefix fits and that takes its format (protocol section 6.1). */
export function handleEvent(context: RequestContext, message: CoapMessage, event: RequestOf<'event'>): void {
  if (!context.connection.reliable) context.connection.acknowledge(message, emptyAck(message.id));
  context.count('events');
  const { name, contentFormat } = event;
  if (contentFormat !== ContentFormat.TEXT && !context.application.profile.typedEvents) {
    // What such firmware makes of the option is garbage (protocol section 6.1).
    return context.log.warn({ event: name, contentFormat }, 'the server names a content format to a device before 6.2');
  }
  if (name.startsWith(CLAIMED)) context.claimed();
  context.rules.hear(name, Buffer.from(event.data).toString());
  const received: ReceivedEvent = { name, contentFormat, data: new Uint8Array(event.data) };
  for (const { prefix, accepts, handle } of context.application.subscriptions) {
    if (!name.startsWith(prefix) || !takes(accepts ?? 'text', contentFormat)) continue;
    try {
      handle(received);
    } catch (error) {
      context.log.warn({ event: name, error: errorMessage(error) }, 'an event handler failed');
    }
  }
}

function takes(accepts: SubscriptionContent, contentFormat: number): boolean {
  if (accepts === 'binary') return true;
  return accepts === 'cbor' ? contentFormat === ContentFormat.CBOR : isTextFormat(contentFormat);
}
