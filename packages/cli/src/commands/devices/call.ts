import { defineCommand } from '../../program/define-command.ts';
import { argument, optionalArgument } from '../../program/parameters.ts';
import { deviceArgument, productOption } from './parameters.ts';

export const call = defineCommand({
  name: 'call',
  aliases: ['function call'],
  summary: 'Call a function of a device and print what it returns',
  details:
    'The number goes to stdout whatever it is; exit code 0 says that the device answered. `cmd` is the function of Trackers: it returns 0 for a command that it could read, and -22 for invalid JSON.',
  args: {
    device: deviceArgument,
    function: argument('Name of the function'),
    argument: optionalArgument('What the function is given; nothing when left out'),
  },
  options: { product: productOption },
  examples: [
    { line: 'call 0123456789abcdef78901234 digitalWrite "D7,HIGH"', says: 'switch on the LED of a board with Tinker' },
    { line: 'call 0123456789abcdef01234567 brew --product 12345', says: 'a device of a product' },
    { line: `call my-tracker cmd '{"cmd":"get_loc"}'`, says: 'make a Tracker publish where it is' },
  ],
  json: '`{ id, name, connected, return_value }`',
  rows: ['CLI-06', 'MSG-20'],
  async run({ function: name, ...input }, { cloud, out }) {
    const { callFunction, meaningOf } = await import('../../services/devices/call-function.ts');
    const reply = await callFunction({ cloud }, { ...input, name });
    out.result(reply, String(reply.return_value));
    const meaning = meaningOf(name, reply.return_value);
    if (meaning !== undefined) out.warn(meaning);
  },
});
