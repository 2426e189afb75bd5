import { type Command, defineCommand } from '../../program/define-command.ts';
import { argument, choiceOption, optionalArgument, textOption } from '../../program/parameters.ts';
import { placeOptions } from '../place-options.ts';

const id = argument('its id', { complete: 'integration' });
const placeOfInput = async (input: { readonly product: string | undefined; readonly org: string | undefined }) =>
  (await import('../../services/place.ts')).placeOf(input);

export const get = defineCommand({
  name: 'integration get',
  aliases: ['webhook get'],
  summary: 'Print an integration with its settings',
  details: 'Secrets are masked.',
  args: { id },
  options: placeOptions,
  json: 'the integration as the cloud tells of it, with `counters` and `logs`',
  async run(input, { cloud, out }) {
    const { integrationsOf } = await import('../../services/integrations/integrations-of.ts');
    const { detailsText } = await import('../../services/integrations/texts.ts');
    const details = await integrationsOf(cloud, await placeOfInput(input)).get(input.id);
    out.result(details, detailsText(details));
  },
});

export const test = defineCommand({
  name: 'integration test',
  aliases: ['webhook test'],
  summary: 'Make the request of an integration now',
  details: 'For an event that nobody published. Nothing is published, counted, logged or tried again.',
  args: { id },
  options: {
    data: textOption('--data <data>', 'data of the event; "test-event" when left out'),
    device: textOption('--device <device>', 'whom the event seems to come from, by name or id; "api" when left out', {
      complete: 'device',
    }),
    ...placeOptions,
  },
  examples: [{ line: 'integration test 65d0f1a2b3c4d5e6f7081920 --data 21.6', says: 'as if "21.6" was published' }],
  json: '`{ pass, data }`: data is the body of the reply',
  async run({ id: one, data, device, ...input }, { cloud, out }) {
    const { testIntegration } = await import('../../services/integrations/test.ts');
    const { printable } = await import('../../output/printable.ts');
    const reply = await testIntegration(cloud, { place: await placeOfInput(input), id: one, data, device });
    const lines = (reply ?? '').split(/\r?\n/).map(printable);
    out.result({ pass: true, data: reply }, ['The request succeeded', ...(reply ? lines : [])]);
  },
});

export const update = defineCommand({
  name: 'integration update',
  aliases: ['webhook update'],
  summary: 'Change settings of an integration',
  details:
    'A JSON file holds all settings: what is not in it is gone, but for the type and the signing secret. Without a file the flags change single settings. A secret that is masked stays when the address leads to the same host.',
  args: { id, file: optionalArgument('JSON file with all settings', { complete: 'file' }) },
  options: {
    event: textOption('--event <event>', 'what names of events begin with'),
    url: textOption('--url <url>', 'where requests go'),
    name: textOption('--name <name>', 'what it is called'),
    requestType: choiceOption('--request-type <method>', 'how it asks', ['GET', 'POST', 'PUT', 'DELETE']),
    ...placeOptions,
  },
  examples: [
    { line: 'integration update 65d0f1a2b3c4d5e6f7081920 --url https://mysite.com/new', says: 'another address' },
    { line: 'integration update 65d0f1a2b3c4d5e6f7081920 webhook.json', says: 'all settings' },
  ],
  json: 'the integration, secrets masked',
  async run({ id: one, file, product, org, ...changes }, context) {
    const { changeSettings } = await import('../../services/integrations/change.ts');
    const place = await placeOfInput({ product, org });
    const changed = await changeSettings(context, { place, id: one, file, changes });
    context.out.result(changed, `Changed ${one}`);
  },
});

const switchCommand = (verb: 'enable' | 'disable'): Command =>
  defineCommand({
    name: `integration ${verb}`,
    aliases: [`webhook ${verb}`],
    summary: verb === 'enable' ? 'Let events trigger an integration again' : 'Let no event trigger an integration',
    args: { id },
    options: placeOptions,
    json: 'the integration, secrets masked',
    async run(input, context) {
      const { switchIntegration } = await import('../../services/integrations/change.ts');
      const place = await placeOfInput(input);
      const changed = await switchIntegration(context, { place, id: input.id, disabled: verb === 'disable' });
      context.out.result(changed, `${verb === 'enable' ? 'Enabled' : 'Disabled'} ${input.id}`);
    },
  });
export const enable = switchCommand('enable');
export const disable = switchCommand('disable');
