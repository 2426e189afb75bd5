import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from '../../../failure/cli-error.ts';
import { printable } from '../../../output/printable.ts';
import type { Context } from '../../../program/context.ts';
import { choosePort } from '../choose-port.ts';
import { ListeningClient } from '../listening-client.ts';
import { readModules, readVersion } from '../read-device.ts';
import type { SerialHost } from '../serial-host.ts';
import { cannotJoinHidden, checkFamily } from './check-family.ts';
import { checkNetwork, readNetwork } from './read-network.ts';
import { tellNetwork } from './wifi-dialogue.ts';
import { isEnterprise, needsPassword, SECURITIES, type WifiNetwork } from './wifi-network.ts';

interface SetUpOptions {
  readonly host: SerialHost;
  readonly port: string | undefined;
  /** Of credentials; undefined: what it would say is asked. */
  readonly file: string | undefined;
}

/** What came of it, without the password. */
export interface SetUpOutcome {
  readonly port: string;
  readonly network: string;
  readonly security: string;
  /** Whether the device's scan found the network. */
  readonly seen: boolean;
}

/**
 * CLI-45: tells a device in listening mode a network. Everything is asked and checked before it hears of it.
 * @throws CliError of the file, the port or the device
 */
export async function setUpWifi(
  { host, port, file }: SetUpOptions,
  context: Pick<Context, 'ask' | 'out' | 'clock' | 'interrupted' | 'cwd'>,
): Promise<SetUpOutcome> {
  const { out, ask, cwd } = context;
  const given = file === undefined ? undefined : readNetwork(await readFile(resolve(cwd, file), 'utf8'));
  const device = await choosePort(port, host, context);
  if (given !== undefined) checkFamily(given, device.platformId, undefined);
  const network = await complete(given ?? (await askNetwork(ask)), ask);
  return ListeningClient.using(device.path, host, context, async (client) => {
    const version = await readVersion(client);
    const { platformId = device.platformId } = await readModules(client);
    for (const warning of checkFamily(network, platformId, version)) out.warn(warning);
    out.note(`Telling the device on ${printable(device.path)} the network ${printable(network.ssid)} ...`);
    const { seen } = await tellNetwork(client, network);
    if (!seen) out.warn(`The device does not see this network from where it is.${hiddenWarning(platformId)}`);
    return { port: device.path, network: network.ssid, security: network.security, seen };
  });
}

function hiddenWarning(platformId: number | undefined): string {
  return cannotJoinHidden(platformId) ? ' It cannot join it if its name is hidden.' : '';
}

async function askNetwork(ask: Context['ask']): Promise<WifiNetwork> {
  const ssid = await ask.text('Which network is the device to join?', '--file');
  const simple = SECURITIES.filter((word) => !isEnterprise(word));
  // What most networks have comes first.
  const choices = [
    ...simple.filter((word) => word.startsWith('WPA2')),
    ...simple.filter((word) => !word.startsWith('WPA2')),
  ];
  const security = await ask.select(
    'What is its security?',
    '--file',
    choices.map((value) => ({ value, label: value })),
  );
  checkNetwork(ssid, security, undefined);
  if (ssid === '') throw new CliError('usage', 'A network has a name');
  return { ssid, security, password: undefined, enterprise: undefined };
}

/** With its password, if it needs one. */
async function complete(network: WifiNetwork, ask: Context['ask']): Promise<WifiNetwork> {
  if (!needsPassword(network) || network.password !== undefined) return network;
  const password = await ask.password(
    `Password of the network ${printable(network.ssid)}`,
    '--file with a "password" in it',
  );
  if (password === '') throw new CliError('usage', 'The network needs a password');
  checkNetwork(network.ssid, network.security, password);
  return { ...network, password };
}
