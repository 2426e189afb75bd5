import { type Command, defineCommand } from '../../program/define-command.ts';
import { argument, choiceOption, optionalArgument, textOption } from '../../program/parameters.ts';
import { placeOptions } from '../place-options.ts';

type Noun = 'webhook' | 'integration';

const secretDetails =
  'Requests are signed. The cloud tells the secret once: `--secret-file` keeps it in a new file that only you can read; it is printed nowhere. Or choose one yourself: `signing_secret` in a JSON file.';
const secretFile = textOption('--secret-file <file>', 'keep the signing secret in this new file', { complete: 'file' });
const name = textOption('--name <name>', 'what it is called');
const event = argument('what names of events begin with; or the path of a JSON file', { complete: 'file' });
const url = argument('where requests go');
const device = optionalArgument('only events of this device, by its name or id', { complete: 'device' });

async function create(
  context: Parameters<Command['run']>[1],
  {
    product,
    org,
    secretFile: path,
    ...described
  }: {
    readonly product: string | undefined;
    readonly org: string | undefined;
    readonly secretFile: string | undefined;
    readonly event: string;
    readonly url: string | undefined;
    readonly device: string | undefined;
    readonly requestType: string | undefined;
    readonly name: string | undefined;
  },
): Promise<void> {
  const { createIntegration } = await import('../../services/integrations/create.ts');
  const { createdText } = await import('../../services/integrations/texts.ts');
  const { placeOf } = await import('../../services/place.ts');
  const made = await createIntegration(context, { place: placeOf({ product, org }), ...described, secretFile: path });
  context.out.result(made, createdText(made));
}

/** The commands that webhooks and all integrations have alike: CLI-37 to CLI-40. */
export function nounCommands(noun: Noun): readonly Command[] {
  const hook = noun === 'webhook';
  const typed = (requestType: 'GET' | 'POST'): Command =>
    defineCommand({
      name: `${noun} ${requestType}`,
      summary: `Make a webhook that sends ${requestType} requests`,
      details: `The same as \`${noun} create --request-type ${requestType}\`. ${secretDetails}`,
      args: { event: argument('what names of events begin with'), url, device },
      options: { ...placeOptions, name, secretFile },
      json: 'the webhook, secrets masked',
      run: (input, context) => create(context, { ...input, requestType }),
    });
  return [
    defineCommand({
      name: `${noun} create`,
      summary: hook ? 'Make a webhook' : 'Make an integration',
      details: `From an event and an address, or from a JSON file with all settings: \`event\` (or \`eventName\`), \`url\`, \`requestType\`, \`json\`, \`headers\` and so on. ${secretDetails}`,
      args: { event, url: optionalArgument('where requests go; without it the first word is a JSON file'), device },
      options: {
        ...placeOptions,
        requestType: choiceOption('--request-type <method>', 'POST when left out', ['GET', 'POST', 'PUT', 'DELETE']),
        name,
        secretFile,
      },
      examples: [
        { line: `${noun} create temperature https://mysite.com`, says: 'for all your devices' },
        { line: `${noun} create temperature https://mysite.com kitchen`, says: 'for one device' },
        { line: `${noun} create webhook.json`, says: 'with all settings from a file' },
      ],
      json: 'the integration, secrets masked',
      rows: hook ? ['CLI-37'] : [],
      run: (input, context) => create(context, input),
    }),
    defineCommand({
      name: `${noun} list`,
      summary: hook ? 'List webhooks' : 'List integrations of all types',
      options: placeOptions,
      json: 'list of integrations as the cloud tells of them, secrets masked, with `last_result` and `last_30_days`',
      rows: hook ? ['CLI-38'] : [],
      async run({ product, org }, { cloud, out }) {
        const { integrationsOf } = await import('../../services/integrations/integrations-of.ts');
        const { listText, ofNoun } = await import('../../services/integrations/texts.ts');
        const { placeOf } = await import('../../services/place.ts');
        const found = ofNoun(noun, await integrationsOf(cloud, placeOf({ product, org })).list());
        out.result(found, listText(noun, found));
      },
    }),
    defineCommand({
      name: `${noun} delete`,
      summary: hook ? 'Delete a webhook, or all' : 'Delete an integration, or all',
      args: { id: argument('its id, or "all"', { complete: 'integration' }) },
      options: placeOptions,
      examples: [
        { line: `${noun} delete 234523452345234523452345`, says: 'one' },
        { line: `${noun} delete all`, says: 'every one, after a question' },
      ],
      json: '`{ deleted }`: list of ids',
      rows: hook ? ['CLI-39', 'CLI-40'] : [],
      async run({ id, product, org }, context) {
        const { removeAll, removeOne } = await import('../../services/integrations/remove.ts');
        const { placeOf } = await import('../../services/place.ts');
        const from = { noun, place: placeOf({ product, org }) };
        const { deleted, text } = await (id === 'all' ? removeAll(context, from) : removeOne(context, { ...from, id }));
        context.out.result({ deleted }, text);
      },
    }),
    typed('GET'),
    typed('POST'),
  ];
}
