import { decodeSystemDescribeJson, type SystemDescribe, WireError } from '@cloudchamber/wire';
import { CliError } from '../../failure/cli-error.ts';
import type { ListeningClient } from './listening-client.ts';

/** What a device tells of itself in listening mode. Its secret, which some print too, is left where it is. */
export interface DeviceIdentity {
  /** 24 hex digits, lower case. */
  readonly deviceId: string;
  /** Of Device OS, such as `1.5.2`. */
  readonly firmwareVersion: string;
  readonly imei: string | undefined;
  readonly iccid: string | undefined;
}

/** Letters `i` and `v`: the second one's answer ends the first one's, which has a line for each thing that the device knows. */
export async function readIdentity(client: ListeningClient): Promise<DeviceIdentity> {
  const [, deviceId = '', facts = '', firmwareVersion = ''] = await client.exchange(
    'iv',
    /(?:device id is|Device ID:) ([0-9a-f]{24})\r\n([\s\S]*?)system firmware version: ([\w.+-]+)\s/i,
  );
  return {
    deviceId: deviceId.toLowerCase(),
    firmwareVersion,
    imei: /IMEI: (\d{14,16})\b/.exec(facts)?.[1],
    iccid: /ICCID: ([0-9A-F]{18,22})\b/i.exec(facts)?.[1],
  };
}

/** Letter `v`: the version of Device OS, such as `1.5.2`. */
export async function readVersion(client: ListeningClient): Promise<string> {
  const [, version = ''] = await client.exchange('v', /system firmware version: ([\w.+-]+)\s/);
  return version;
}

/** Letter `m`. @returns such as `e0:4f:43:00:00:06`, or undefined where there is none */
export async function readMac(client: ListeningClient): Promise<string | undefined> {
  const [, mac = ''] = await client.exchange('m', /MAC address is\s+((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/i);
  return /^[0:]+$/.test(mac) ? undefined : mac.toLowerCase();
}

/** Letter `s`. @throws CliError when it is not the list of modules */
export async function readModules(client: ListeningClient): Promise<SystemDescribe> {
  const [json] = await client.exchange('s', /\{.*\}(?=\r\n)/);
  try {
    return decodeSystemDescribeJson(Buffer.from(json, 'latin1'));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new CliError('failure', 'The device sent a list of modules that makes no sense', { cause: error });
  }
}
