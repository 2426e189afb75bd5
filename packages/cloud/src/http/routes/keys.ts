import { formatTimestamp, keyRoutes } from '@cloudchamber/contract';
import { DomainError } from '../../domain/domain-error.ts';
import {
  keyFingerprint,
  type ListedServerKey,
  listServerKeys,
  publicKeyPem,
  retireServerKey,
  rotateServerKey,
  type ServerKeyAlgorithm,
  type ServerKeyRing,
  serverKeyFile,
} from '../../domain/server-keys/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

export interface KeyRouteOptions {
  readonly serverKeys: ServerKeyRing;
  /** Where DTLS listens; null when it is off. */
  readonly udpPort: number | null;
  /** Where AES over TCP listens; null when it is off. */
  readonly tcpPort: number | null;
}

const ALGORITHMS: Readonly<Record<'ecc' | 'rsa', ServerKeyAlgorithm>> = { ecc: 'ec-p256', rsa: 'rsa-2048' };
/** Where devices call when their address record says nothing else (protocol section 1.11). */
const DEFAULT_PORTS = { ecc: 5684, rsa: 5683 } as const;

/** `/v1/server-key`, and the keys' life under `/v1/operator/server-keys`. */
export function keyRouteModule({ serverKeys, udpPort, tcpPort }: KeyRouteOptions): RouteModule {
  return (app) => {
    registerRoute(app, keyRoutes.getServerKey, ({ query, reply }) => {
      const { algorithm, format, host, port } = query;
      const { spki } = serverKeys.newest(ALGORITHMS[algorithm]);
      const withAddress = host !== undefined || port !== undefined;
      if (withAddress && (format !== 'der' || host === undefined)) throw onlyDer();
      if (format === 'json') {
        const key = { algorithm, public_key: publicKeyPem(spki), fingerprint: keyFingerprint(spki) };
        return { ...key, udp_port: udpPort, tcp_port: tcpPort };
      }
      reply.header('content-disposition', `attachment; filename="server-${algorithm}.${format}"`);
      if (format === 'pem') return reply.type('application/x-pem-file').send(publicKeyPem(spki));
      const listening = (algorithm === 'ecc' ? udpPort : tcpPort) ?? DEFAULT_PORTS[algorithm];
      const address = host === undefined ? undefined : { host, port: port ?? listening };
      const file = serverKeyFile(serverKeys, ALGORITHMS[algorithm], address);
      return reply.type('application/octet-stream').send(file);
    });

    registerRoute(app, keyRoutes.listServerKeys, async ({ ctx }) => ({
      keys: (await listServerKeys(ctx)).map(renderKey),
    }));

    registerRoute(app, keyRoutes.rotateServerKey, async ({ ctx, body }) =>
      renderKey(await rotateServerKey(ctx, serverKeys, ALGORITHMS[body.algorithm])),
    );

    registerRoute(app, keyRoutes.retireServerKey, async ({ ctx, params, query }) => {
      await retireServerKey(ctx, serverKeys, { id: params.keyId, force: query.force ?? false });
      return { ok: true as const };
    });
  };
}

function renderKey(key: ListedServerKey) {
  return {
    id: key.id,
    algorithm: key.algorithm === 'ec-p256' ? ('ecc' as const) : ('rsa' as const),
    public_key: publicKeyPem(key.spki),
    fingerprint: key.fingerprint,
    created_at: formatTimestamp(key.createdAt),
    retired_at: key.retiredAt === null ? null : formatTimestamp(key.retiredAt),
    devices: key.devices,
  };
}

function onlyDer(): DomainError {
  return new DomainError('invalid', 'invalid_request', 'host, and port with it, are for format=der: send both');
}
