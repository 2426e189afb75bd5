import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, textOption } from '../../program/parameters.ts';
import { placeOptions } from '../place-options.ts';

export const replay = defineCommand({
  name: 'events replay',
  summary: 'Deliver past events to an integration',
  details:
    'Also those that it had already. An event keeps its id: a server that looks at `webhook-id` knows it again. What failed is attempted again by `integration replay`.',
  args: { integration: argument('its id', { complete: 'integration' }) },
  options: {
    since: textOption('--since <when>', 'published then or later: a time ago (90s, 15m, 2h, 1d), or a time'),
    until: textOption('--until <when>', 'published before; now when left out'),
    event: textOption('--event <event>', 'only events whose names begin so'),
    ...placeOptions,
  },
  examples: [{ line: 'events replay 65d0f1a2b3c4d5e6f7081920 --since 1d', says: 'the events of a day once more' }],
  json: '`{ replayed }`: how many deliveries are due now',
  async run({ integration, since, until, event, product, org }, context) {
    if (since === undefined) throw usageError('--since is missing: from when on events are delivered');
    const { replayAll, replayedText } = await import('../../services/integrations/replay.ts');
    const { placeOf } = await import('../../services/place.ts');
    const place = placeOf({ product, org });
    const replayed = await replayAll(context, { source: 'history', place, integration, since, until, event });
    context.out.result({ replayed }, replayedText(replayed));
  },
});
