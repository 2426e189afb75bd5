import { keyRoutes } from '@cloudchamber/contract';
import { publicKeyPem } from '../../domain/server-keys/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

export interface KeyRouteOptions {
  /** DER SubjectPublicKeyInfo of the cloud's P-256 key. */
  readonly publicKey: Uint8Array;
  /** Where DTLS listens; null when it is off. */
  readonly udpPort: number | null;
}

/** `/v1/server-key`. */
export function keyRouteModule({ publicKey, udpPort }: KeyRouteOptions): RouteModule {
  return (app) => {
    registerRoute(app, keyRoutes.getServerKey, () => ({
      algorithm: 'ecc' as const,
      public_key: publicKeyPem(publicKey),
      udp_port: udpPort,
    }));
  };
}
