import type { BehaviourFactory } from './behaviour.ts';

const INVALID = -22;
const UNKNOWN = -2;

/** What Tracker Edge takes; `ack` finds nothing here that waits for it. */
const COMMANDS: ReadonlySet<string> = new Set([
  'enter_shipping',
  'get_cfg',
  'get_loc',
  'loc-enhanced',
  'reset',
  'reset_to_factory',
  'set_cfg',
]);

/**
 * The function `cmd` of a Tracker and nothing else: it takes a command as a JSON object such as `{"cmd":"get_loc"}`, does nothing about it, and returns 0; -22
 * for what is no JSON object with a text `cmd`, -2 for a command that there is not (tracker notes, section 1).
 */
export const tracker: BehaviourFactory = () => ({
  functions: {
    cmd: (argument) => {
      const command = commandIn(argument);
      if (command === undefined) return INVALID;
      return COMMANDS.has(command) ? 0 : UNKNOWN;
    },
  },
  variables: {},
  subscriptions: [],
});

function commandIn(argument: string): string | undefined {
  try {
    const request: unknown = JSON.parse(argument);
    const isObject = typeof request === 'object' && request !== null && 'cmd' in request;
    return isObject && typeof request.cmd === 'string' ? request.cmd : undefined;
  } catch {
    return undefined;
  }
}
