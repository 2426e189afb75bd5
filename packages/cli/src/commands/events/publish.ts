import { usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, optionalArgument, textOption } from '../../program/parameters.ts';

export const publish = defineCommand({
  name: 'publish',
  summary: 'Publish an event',
  details:
    'As if a device had: it goes to the streams and devices of your account, or with `--product` to the streams of a product. A name has at most 64 bytes, data at most 1,024. The line break at the end of a file or of standard input is left out.',
  args: {
    event: argument('its name'),
    data: optionalArgument('what it says; "-" reads standard input'),
  },
  options: {
    product: textOption('--product <product>', 'to the streams of this product, by its id or slug', {
      complete: 'product',
    }),
    file: textOption('--file <file>', 'data from a file', { complete: 'file' }),
    private: flag('--private', 'taken, and means nothing: all events are private'),
    public: flag('--public', 'refused: there are no public events', { hidden: true }),
  },
  examples: [
    { line: 'publish lights on', says: 'an event with data' },
    { line: 'publish temp 25.0 --product 12345', says: 'into the streams of a product' },
    { line: 'publish settings --file settings.json', says: 'what stands in a file' },
  ],
  json: '`{ name, data, product }`',
  rows: ['CLI-44'],
  async run({ event: name, data: word, product, file, public: isPublic }, context) {
    if (isPublic) {
      throw usageError('There are no public events: whoever can see your devices sees theirs', 'Leave --public out.');
    }
    const { publish } = await import('../../services/events/publish.ts');
    const { eventData } = await import('../../services/events/event-data.ts');
    const data = await eventData(context, { data: word, file });
    await publish(context, { name, data, product });
    const where = product === undefined ? '' : ` to product: ${printable(product)}`;
    context.out.result(
      { name, data: data ?? null, product: product ?? null },
      `Published event: ${printable(name)}${where}`,
    );
  },
});
