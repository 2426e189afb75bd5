import { parseArgs } from 'node:util';
import { ChamberError, seconds } from '@cloudchamber/kernel';
import type { BehaviourFactory } from '../behaviours/behaviour.ts';
import { BEHAVIOURS } from '../behaviours/index.ts';
import type { UpdateFault } from '../firmware/update-fault.ts';
import { LISTENING_BOARDS, type ListeningBoard } from '../listening/index.ts';
import { type DeviceProfile, deviceOs62, PROFILES } from '../profiles/index.ts';
import { FAULT_KINDS, parseFault } from './update-faults.ts';

export interface CommandOptions {
  readonly count: number;
  /** Dealt to the devices in turn. */
  readonly behaviours: readonly BehaviourFactory[];
  /** Likewise. */
  readonly profiles: readonly DeviceProfile[];
  /** Undefined: the API's host, or this machine. */
  readonly host: string | undefined;
  /** Undefined: what the API says, or 5684. */
  readonly port: number | undefined;
  readonly serverKey: string | undefined;
  readonly state: string;
  readonly api: string | undefined;
  readonly token: string | undefined;
  /** What the device brings at its first connection; it is then not claimed over the API. */
  readonly claimCode: string | undefined;
  readonly namePrefix: string;
  readonly rate: number;
  /** Undefined: they take updates. */
  readonly updateFault: UpdateFault | undefined;
  readonly updatesEnabled: boolean;
  /** Undefined: only when they are asked. */
  readonly vitalsIntervalMs: number | undefined;
  readonly verbose: boolean;
  /** Undefined: a fleet is run. */
  readonly listen: ListeningBoard | undefined;
}

export const USAGE = `Virtual devices that speak the Particle device protocol.

  npm run virtual-device -- --count 3 --behaviour weather --api http://localhost:8080 --token TOKEN

  --count N           how many devices (1)
  --behaviour LIST    ${[...BEHAVIOURS.keys()].join(', ')}; several, with commas between, are dealt in turn (weather)
  --profile LIST      generations of Device OS, dealt to rounds of behaviours in turn (${deviceOs62.name}):
                      ${[...PROFILES.keys()].join(', ')}
  --host HOST         where the cloud listens for devices (what the key's file says, the host of --api, or 127.0.0.1)
  --port PORT         its UDP port (what the key's file or --api says, or 5684)
  --server-key FILE   the cloud's public key, PEM or DER (asked of --api when absent)
  --state DIR         keeps ids, keys and sessions: the same folder is the same fleet (./data/virtual-devices)
  --api URL           the cloud's API, to ask for its key, and to register and claim the devices
  --token TOKEN       access token of the account that is to own them; or CHAMBER_TOKEN in the environment
  --claim-code CODE   the one device brings this code, which claims it; the token then only registers its key
  --name-prefix NAME  devices are called NAME-1, NAME-2, ... (virtual-device)
  --rate N            how many begin to connect per second (100)
  --fail-updates KIND[=PERCENT]
                      devices fail firmware updates, all of them or about so many percent:
                      ${FAULT_KINDS.join(', ')}
  --update-speed N    bytes per second that slow ones take (2048)
  --updates-disabled  their applications forbid updates, unless the cloud forces them
  --vitals-every S    they send their vitals every S seconds
  --listen BOARD      no fleet, but one device in listening mode, whose serial port are stdin and stdout:
                      ${[...LISTENING_BOARDS.keys()].join(', ')}
  --verbose           a line for each change of a device's state
  --help              this

Without --token the cloud has to know the devices already. Ctrl-C says Goodbye and stops.
`;

/** What stands on a command line, by the name of its option; its rules are those of `USAGE`. */
export interface OptionValues {
  readonly count?: string | undefined;
  readonly behaviour?: string | undefined;
  readonly profile?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly 'server-key'?: string | undefined;
  readonly state?: string | undefined;
  readonly api?: string | undefined;
  readonly token?: string | undefined;
  readonly 'claim-code'?: string | undefined;
  readonly 'name-prefix'?: string | undefined;
  readonly rate?: string | undefined;
  readonly 'fail-updates'?: string | undefined;
  readonly 'update-speed'?: string | undefined;
  readonly 'updates-disabled'?: boolean | undefined;
  readonly 'vitals-every'?: string | undefined;
  readonly listen?: string | undefined;
  readonly verbose?: boolean | undefined;
}

const COUNT_LIMIT = 100_000;
const SECONDS_LIMIT = 86_400;

/**
 * The command line as options; undefined when it asks for help.
 * @param environment CHAMBER_TOKEN is read from it
 * @throws ChamberError `usage` that names the option at fault
 */
export function parseCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const options = optionsFrom({ ...values, token: values.token ?? environment.CHAMBER_TOKEN });
  if (options.listen === undefined && values.token !== undefined && options.api === undefined) {
    throw usage('--token needs --api');
  }
  return options;
}

/** Reads values and checks them. @throws ChamberError `usage` that names the option at fault */
export function optionsFrom(values: OptionValues): CommandOptions {
  const options: CommandOptions = {
    count: wholeNumber('count', values.count, COUNT_LIMIT) ?? 1,
    behaviours: listed('behaviour', values.behaviour ?? 'weather', BEHAVIOURS),
    profiles: listed('profile', values.profile ?? deviceOs62.name, PROFILES),
    host: values.host,
    port: wholeNumber('port', values.port, 65_535),
    serverKey: values['server-key'],
    state: values.state ?? 'data/virtual-devices',
    api: urlIn(values.api),
    token: values.token,
    claimCode: values['claim-code'],
    namePrefix: values['name-prefix'] ?? 'virtual-device',
    rate: wholeNumber('rate', values.rate, 10_000) ?? 100,
    updateFault: faultIn(values['fail-updates'], wholeNumber('update-speed', values['update-speed'], 10_000_000, 64)),
    updatesEnabled: !(values['updates-disabled'] ?? false),
    vitalsIntervalMs: secondsIn('vitals-every', values['vitals-every']),
    verbose: values.verbose ?? false,
    listen: values.listen === undefined ? undefined : listed('listen', values.listen, LISTENING_BOARDS)[0],
  };
  if (options.listen !== undefined) return options;
  if (options.serverKey === undefined && options.api === undefined) {
    throw usage('the devices need to know the cloud: pass --server-key FILE, or --api URL to ask for it');
  }
  if (options.claimCode !== undefined && options.count > 1) throw usage('--claim-code is for one device, not --count');
  return options;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        count: text,
        behaviour: text,
        profile: text,
        host: text,
        port: text,
        'server-key': text,
        state: text,
        api: text,
        token: text,
        'claim-code': text,
        'name-prefix': text,
        rate: text,
        'fail-updates': text,
        'update-speed': text,
        'updates-disabled': flag,
        'vitals-every': text,
        listen: text,
        verbose: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : 'bad options');
  }
}

function wholeNumber(name: string, value: string | undefined, largest: number, least = 1): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > largest) {
    throw usage(`--${name} is a whole number from ${least} to ${largest}, not "${value}"`);
  }
  return number;
}

function secondsIn(name: string, value: string | undefined): number | undefined {
  const number = wholeNumber(name, value, SECONDS_LIMIT);
  return number === undefined ? undefined : seconds(number);
}

function faultIn(text: string | undefined, bytesPerSecond: number | undefined): UpdateFault | undefined {
  if (text === undefined) return undefined;
  const fault = parseFault(text, bytesPerSecond);
  if (fault !== undefined) return fault;
  throw usage(
    `--fail-updates is one of ${FAULT_KINDS.join(', ')}, perhaps with a percentage such as stale=5, not "${text}"`,
  );
}

function listed<T>(option: string, list: string, known: ReadonlyMap<string, T>): T[] {
  return list.split(',').map((name) => {
    const found = known.get(name.trim());
    if (found === undefined) throw usage(`there is no ${option} "${name}": there are ${[...known.keys()].join(', ')}`);
    return found;
  });
}

function urlIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw usage(`--api is a URL such as http://localhost:8080, not "${text}"`);
  return text;
}

function usage(message: string): ChamberError {
  return new ChamberError('usage', 'caller', message);
}
