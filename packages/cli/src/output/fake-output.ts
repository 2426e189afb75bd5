import type { Output } from './output.ts';

/** For tests: notes what is said, each line with the way it was said. */
export function fakeOutput(said: string[]): Output {
  const say = (how: string) => (text: string) => void said.push(`${how}: ${text}`);
  const put = (how: string) => (_data: unknown, text: string | readonly string[]) =>
    say(how)(typeof text === 'string' ? text : text.join('\n'));
  const plain = (text: string): string => text;
  return {
    json: false,
    terminal: false,
    live: false,
    result: put('result'),
    item: put('item'),
    echo: say('echo'),
    note: say('note'),
    warn: say('warn'),
    verbose: say('verbose'),
    bar: () => ({ update() {}, end() {} }),
    style: { bold: plain, dim: plain, green: plain, red: plain, yellow: plain },
    closed: false,
    flush: async () => {},
  };
}
