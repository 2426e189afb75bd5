import { followEvents } from '../../cloud/follow-events.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import type { Place } from '../place.ts';
import { deviceIdOfPlace } from './device-of-place.ts';
import { streamPath } from './stream-path.ts';
import { streamStart } from './stream-start.ts';
import { eventOf, lineOf } from './streamed-event.ts';

export interface Subscription {
  readonly place: Place;
  readonly prefix: string | undefined;
  /** Its name or id. */
  readonly device: string | undefined;
  /** The id of an event, or a moment: shows what is kept from there on first. */
  readonly since: string | undefined;
  /** Ends after so many events. */
  readonly max: number | undefined;
  /** Ends behind an event whose data are exactly these. */
  readonly until: string | undefined;
}

/** Prints events as they come, until Ctrl-C or as many as were asked for. @throws CliError as `followEvents` does */
export async function subscribe(
  context: Pick<Context, 'cloud' | 'out' | 'clock' | 'interrupted'>,
  { place, prefix, device, since, max, until }: Subscription,
): Promise<void> {
  const { cloud, out, clock } = context;
  const selector = device === undefined ? undefined : await deviceIdOfPlace(cloud, place, device);
  const path = streamPath({ place, prefix, device: selector });
  const after = since === undefined ? undefined : await streamStart(cloud, place, since, clock.now());
  const enough = new AbortController();
  let opened = 0;
  let shown = 0;
  await followEvents(context, {
    path,
    after,
    until: enough.signal,
    onOpen() {
      opened += 1;
      out.note(opened === 1 ? listening({ place, prefix, device }) : 'The stream is open again');
    },
    onFrame(frame) {
      const event = eventOf(frame);
      if (event === undefined) return;
      out.item(event, lineOf(event));
      shown += 1;
      if (shown === max || (until !== undefined && event.data === until)) enough.abort();
    },
  });
}

function listening({ place, prefix, device }: Pick<Subscription, 'place' | 'prefix' | 'device'>): string {
  const which = prefix === undefined ? 'all events' : `events whose names begin with "${printable(prefix)}"`;
  const of = device === undefined ? [] : [`of ${printable(device)}`];
  if (place.kind === 'product') of.push(`in the product ${printable(place.product)}`);
  if (place.kind === 'organization') of.push(`in the organization ${printable(place.organization)}`);
  return `Listening to ${[which, ...(of.length === 0 ? ['of your account'] : of)].join(' ')}; Ctrl-C ends`;
}
