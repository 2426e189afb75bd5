import type { ConsoleCloud } from '@cloudchamber/contract';

/** What commands need to know of the cloud. */
type CloudAddress = Pick<ConsoleCloud, 'publicUrl' | 'deviceHost' | 'udpPort' | 'tcpPort'>;

/** Stands where the person has not given an access token or a device id yet. */
const TOKEN_PLACEHOLDER = '$TOKEN';
const ID_PLACEHOLDER = 'DEVICE_ID';

export interface VirtualDeviceCommand {
  readonly cloud: CloudAddress;
  /** Access token of an account; the placeholder of a shell when it is undefined. */
  readonly token: string | undefined;
  readonly behaviour: string;
  /** Claims the device; without it the token does. */
  readonly claimCode?: string;
}

/** @returns the command that runs a virtual device against this cloud, in the folder of Cloud Chamber */
export function virtualDeviceCommand({ cloud, token, behaviour, claimCode }: VirtualDeviceCommand): string {
  const parts = [
    'npm run virtual-device --',
    `--behaviour ${behaviour}`,
    // A folder for each device: one that is used again is the device of before.
    `--state ./my-${behaviour}-device`,
    `--api ${cloud.publicUrl}`,
    ...hostOf(cloud),
    `--token ${token ?? TOKEN_PLACEHOLDER}`,
    ...(claimCode === undefined ? [] : [`--claim-code '${claimCode}'`]),
  ];
  return parts.join(' \\\n  ');
}

/** Devices reach the cloud at another name than people do. */
function hostOf({ publicUrl, deviceHost, udpPort }: CloudAddress): string[] {
  const host = deviceHost.replaceAll('$id.', '').replaceAll('$id', '');
  return [
    ...(host !== '' && host !== new URL(publicUrl).hostname ? [`--host ${host}`] : []),
    ...(udpPort !== null && udpPort !== 5684 ? [`--port ${udpPort}`] : []),
  ];
}

export interface HardwareCommand {
  readonly cloud: CloudAddress;
  /** `udp`: DTLS, with P-256 keys; `tcp`: AES, with RSA keys. */
  readonly transport: 'udp' | 'tcp';
  /** 24 hex digits; a placeholder when it is undefined. */
  readonly deviceId: string | undefined;
}

export interface HardwareCommands {
  /** Points the published command line at this cloud. */
  readonly profile: string;
  /** Gets the file with this cloud's key and address, and writes it to a device in DFU mode. */
  readonly serverKey: string;
  /** Reads the device's key in DFU mode, and registers its public half. */
  readonly deviceKey: string;
  readonly claim: string;
}

/** @returns the commands that bring hardware to this cloud, in their order */
export function hardwareCommands({ cloud, transport, deviceId = ID_PLACEHOLDER }: HardwareCommand): HardwareCommands {
  const algorithm = transport === 'udp' ? 'ecc' : 'rsa';
  const port = transport === 'udp' ? cloud.udpPort : cloud.tcpPort;
  const query = new URLSearchParams({ algorithm, format: 'der', host: cloud.deviceHost });
  if (port !== null) query.set('port', String(port));
  const file = `server-${algorithm}.der`;
  return {
    profile: `particle profile chamber apiUrl ${cloud.publicUrl}\nparticle profile chamber\nparticle login`,
    serverKey: `curl '${cloud.publicUrl}/v1/server-key?${query}' -o ${file}\nparticle keys server ${file}`,
    deviceKey: `particle keys save ${deviceId}.der\nparticle keys send ${deviceId} ${deviceId}.der`,
    claim: `particle device add ${deviceId}`,
  };
}
