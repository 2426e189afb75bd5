import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, numberOption, optionalArgument, restArguments, textOption } from '../../program/parameters.ts';
import { placeOptions } from '../place-options.ts';

export const subscribe = defineCommand({
  name: 'subscribe',
  summary: 'Print events as they come',
  details:
    'The event is the beginning of names: `test` also shows `testing`. `mine` is taken in place of any word and means nothing any more: events are always those of your account, product or organization. Each event is a line of JSON. When the stream breaks it is opened again behind the last event that was shown, so that none is missed or shown twice.',
  args: {
    event: optionalArgument('what names of events begin with; all when left out'),
    device: optionalArgument('only events of this device, by its name or id', { complete: 'device' }),
    more: restArguments('nothing but "mine"'),
  },
  options: {
    all: flag('--all', 'all events that you can see; the same as without'),
    deviceOption: textOption('--device <device>', 'only events of this device, by its name or id', {
      complete: 'device',
    }),
    ...placeOptions,
    since: textOption(
      '--since <when>',
      'show what was kept first: behind an event id, a time ago (90s, 15m, 2h, 1d), or a time',
    ),
    max: numberOption('--max <count>', 'end after so many events', { least: 1 }),
    until: textOption('--until <data>', 'end behind an event with exactly these data'),
  },
  examples: [
    { line: 'subscribe', says: 'all events of your devices' },
    { line: 'subscribe temp kitchen', says: 'of the device "kitchen", those whose names begin with "temp"' },
    { line: 'subscribe --product 12345 --since 1h', says: 'what a product told in the last hour, and what comes' },
    { line: 'subscribe --json --max 10', says: 'ten events for a script' },
  ],
  json: '`{ name, data, ttl, published_at, coreid, id }`',
  stream: true,
  rows: ['CLI-43'],
  async run({ event, device, more, all: _all, deviceOption, product, org, since, max, until }, context) {
    const [{ subscribe }, { placeOf }] = await Promise.all([
      import('../../services/events/subscribe.ts'),
      import('../../services/place.ts'),
    ]);
    const meant = (word: string | undefined): boolean => word !== undefined && word !== 'mine';
    const devices = [deviceOption, device, ...more].filter(meant);
    if (devices.length > 1) throw usageError(`One device at a time, not ${devices.join(' and ')}`);
    await subscribe(context, {
      place: placeOf({ product, org }),
      prefix: meant(event) && event !== '' ? event : undefined,
      device: devices[0],
      since,
      max,
      until,
    });
  },
});
