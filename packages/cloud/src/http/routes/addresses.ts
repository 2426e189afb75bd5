import { addressRoutes } from '@cloudchamber/contract';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

export interface AddressRouteOptions {
  /** Where the API is reached from outside. */
  readonly publicUrl: string;
  /** The host that devices are given, with `$id` where each has a name of its own. */
  readonly deviceHost: string;
  /** Null when that transport is off. */
  readonly udpPort: number | null;
  readonly tcpPort: number | null;
}

/** `/v1/cloud-addresses`: CON-10, CON-11, CON-14, CON-15. */
export function addressRouteModule({ publicUrl, deviceHost, udpPort, tcpPort }: AddressRouteOptions): RouteModule {
  const host = wildcardOf(deviceHost);
  const devices = { host, used_by: 'devices' } as const;
  const udp = { ...devices, transport: 'udp', protocol: 'dtls', purpose: 'Devices over UDP' } as const;
  const tcp = { ...devices, transport: 'tcp', protocol: 'aes', purpose: 'Devices over TCP' } as const;
  const addresses = [
    ...(udpPort === null ? [] : [{ ...udp, port: udpPort }]),
    ...(tcpPort === null ? [] : [{ ...tcp, port: tcpPort }]),
    apiOf(publicUrl),
  ];
  return (app) => {
    registerRoute(app, addressRoutes.listCloudAddresses, () => ({ addresses }));
  };
}

function apiOf(publicUrl: string) {
  const { hostname, port, protocol } = new URL(publicUrl);
  const https = protocol === 'https:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (https ? 443 : 80) : Number(port),
    transport: 'tcp',
    protocol: https ? 'https' : 'http',
    used_by: 'people',
    purpose: 'API, event streams and tools; devices never use it',
  } as const;
}

/** `$id.udp.example.net` → `*.udp.example.net`: the way that firewalls write "every name below". */
function wildcardOf(deviceHost: string): string {
  return deviceHost.replace(/^[^.]*\$id[^.]*/, '*');
}
