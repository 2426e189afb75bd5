import type { BehaviourDevice, BehaviourFactory } from './behaviour.ts';

/** The event that the function `publish` sends. */
const EVENT = 'echo';

/**
 * For tests. `echo` returns the length of its argument in bytes; `publish` publishes its argument as the event `echo` and returns 0, or -1 when that failed;
 * `fail` never answers. Variables of every type: `last` (the last argument or event data), `count` (calls and events so far), `ratio` (21.5), `flag` (whether
 * `count` is odd). Subscribed to `echo/`.
 */
export const echo: BehaviourFactory = (device: BehaviourDevice) => {
  let last = '';
  let count = 0;
  const note = (text: string): void => {
    last = text;
    count += 1;
  };
  return {
    functions: {
      echo: (argument) => {
        note(argument);
        return Buffer.byteLength(argument);
      },
      publish: (argument) => {
        note(argument);
        return device.publish(EVENT, argument).then(
          () => 0,
          () => -1,
        );
      },
      fail: (argument) => {
        note(argument);
        return Promise.reject(new Error('this function always fails'));
      },
    },
    variables: {
      last: { type: 'string', read: () => last },
      count: { type: 'int', read: () => count },
      ratio: { type: 'double', read: () => 21.5 },
      flag: { type: 'bool', read: () => count % 2 === 1 },
    },
    subscriptions: [{ prefix: 'echo/', handle: ({ data }) => note(Buffer.from(data).toString()) }],
  };
};
