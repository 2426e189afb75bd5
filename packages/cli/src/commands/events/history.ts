import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, numberOption, optionalArgument, textOption } from '../../program/parameters.ts';
import { placeOptions } from '../place-options.ts';

export const history = defineCommand({
  name: 'events history',
  summary: 'Look up events that were kept',
  details:
    'Newest first. Times are UTC unless they say otherwise. In CSV a cell that a spreadsheet would take for a formula has an apostrophe before it.',
  args: { event: optionalArgument('what names of events begin with') },
  options: {
    device: textOption('--device <device>', 'only of this device, by its name or id', { complete: 'device' }),
    ...placeOptions,
    since: textOption('--since <when>', 'published then or later: a time ago (90s, 15m, 2h, 1d), or a time'),
    until: textOption('--until <when>', 'published then or earlier'),
    text: textOption('--text <text>', 'with this in the name or the data, in any case'),
    limit: numberOption('--limit <count>', 'at most so many; 100 when left out, and all with --csv', { least: 1 }),
    oldestFirst: flag('--oldest-first', 'in the order in which they were published'),
    csv: flag('--csv', 'as CSV, on standard output'),
  },
  examples: [
    { line: 'events history temp --since 2h', says: 'two hours of what begins with "temp"' },
    { line: 'events history --device kitchen --text error', says: 'what a device said of errors' },
    { line: 'events history --product 12345 --since 7d --csv > week.csv', says: 'a week for a spreadsheet' },
  ],
  json: 'list of `{ id, name, data, coreid, device_id, product_id, ttl, published_at }`',
  async run({ event, csv, product, org, ...search }, context) {
    const { out } = context;
    if (csv && out.json) throw usageError('--csv and --json exclude each other');
    const { eventTable, findEvents, findEventsAsCsv } = await import('../../services/events/history.ts');
    const { placeOf } = await import('../../services/place.ts');
    const asked = { ...search, prefix: event, place: placeOf({ product, org }) };
    if (csv) return out.result(undefined, await findEventsAsCsv(context, asked));
    const events = await findEvents(context, asked);
    out.result(events, eventTable(events));
  },
});
