import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, numberOption, optionalArgument, textOption } from '../../program/parameters.ts';
import { placeOptions } from '../place-options.ts';

const id = argument('its id', { complete: 'integration' });
const placeOfInput = async (input: { readonly product: string | undefined; readonly org: string | undefined }) =>
  (await import('../../services/place.ts')).placeOf(input);

export const logs = defineCommand({
  name: 'integration logs',
  aliases: ['webhook logs'],
  summary: 'Print the last requests of an integration',
  details: 'The last ten requests and the last ten errors of the last 30 days, newest last. Secrets are masked.',
  args: { id },
  options: { full: flag('--full', 'requests and replies whole'), ...placeOptions },
  json: 'list of `{ type, time, event, request, response }`',
  async run({ full, ...input }, { cloud, out }) {
    const { integrationsOf } = await import('../../services/integrations/integrations-of.ts');
    const { logsText } = await import('../../services/integrations/texts.ts');
    const details = await integrationsOf(cloud, await placeOfInput(input)).get(input.id);
    out.result(details.logs, logsText(details, full));
  },
});

export const failed = defineCommand({
  name: 'integration failed',
  aliases: ['webhook failed'],
  summary: 'List deliveries that failed for good',
  args: { id },
  options: {
    waiting: flag('--waiting', 'those that are to be attempted, in that order'),
    limit: numberOption('--limit <count>', '100 when left out', { least: 1, most: 1000 }),
    ...placeOptions,
  },
  json: '`{ deliveries, meta }`: meta counts what is `failed` and `waiting`',
  async run({ waiting, limit, ...input }, { cloud, out }) {
    const { integrationsOf } = await import('../../services/integrations/integrations-of.ts');
    const { deliveriesText } = await import('../../services/integrations/texts.ts');
    const query = { state: waiting ? 'waiting' : 'failed', ...(limit !== undefined && { limit }) } as const;
    const page = await integrationsOf(cloud, await placeOfInput(input)).deliveries(input.id, query);
    out.result(page, deliveriesText(page));
  },
});

export const replay = defineCommand({
  name: 'integration replay',
  aliases: ['webhook replay'],
  summary: 'Attempt failed deliveries again',
  details: 'One delivery, or all that fit. Past events that were delivered are sent once more by `events replay`.',
  args: { id, delivery: optionalArgument('only this delivery, by its id') },
  options: {
    since: textOption('--since <when>', 'first owed then or later: a time ago (90s, 15m, 2h, 1d), or a time'),
    until: textOption('--until <when>', 'first owed before'),
    event: textOption('--event <event>', 'only events whose names begin so'),
    error: textOption('--error <text>', 'only those with this in their last error'),
    ...placeOptions,
  },
  examples: [
    { line: 'integration replay 65d0f1a2b3c4d5e6f7081920 --error 503', says: 'after the server was repaired' },
  ],
  json: '`{ replayed }`: how many deliveries are due now',
  async run({ id: integration, delivery, product, org, ...filter }, context) {
    const { replayAll, replayedText } = await import('../../services/integrations/replay.ts');
    const { integrationsOf } = await import('../../services/integrations/integrations-of.ts');
    const place = await placeOfInput({ product, org });
    if (delivery !== undefined && Object.values(filter).some((value) => value !== undefined)) {
      throw usageError('A delivery by its id goes without other filters');
    }
    let replayed = 1;
    if (delivery !== undefined) await integrationsOf(context.cloud, place).replayOne(integration, delivery);
    else replayed = await replayAll(context, { source: 'failed', place, integration, ...filter });
    context.out.result({ replayed }, replayedText(replayed));
  },
});

export const copy = defineCommand({
  name: 'integration copy',
  aliases: ['webhook copy'],
  summary: 'Copy an integration of your account into a product',
  details:
    'With its secrets, but for the signing secret: the copy gets another, which `--secret-file` keeps. One that is moved is gone from the account, with its history and what was still owed to it.',
  args: { id },
  options: {
    product: textOption('--product <product>', 'into this product, by its id or slug', { complete: 'product' }),
    move: flag('--move', 'delete it from the account'),
    secretFile: textOption('--secret-file <file>', 'keep the signing secret in this new file', { complete: 'file' }),
  },
  json: 'the copy, secrets masked',
  async run({ id: one, product, move, secretFile }, context) {
    if (product === undefined) throw usageError('--product is missing: where the copy goes');
    const { copyIntegration } = await import('../../services/integrations/copy.ts');
    const { createdText } = await import('../../services/integrations/texts.ts');
    const made = await copyIntegration(context, { id: one, product, move, secretFile });
    context.out.result(made, createdText(made));
  },
});
