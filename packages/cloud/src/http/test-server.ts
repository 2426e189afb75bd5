import { type Clock, type Entropy, type Logger, seededEntropy, silentLogger, systemClock } from '@cloudchamber/kernel';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { type Bus, InProcessBus } from '../bus/index.ts';
import {
  type AccountServices,
  createAccountServices,
  createUser,
  issueToken,
  type SignupPolicy,
} from '../domain/accounts/index.ts';
import type { Ambient } from '../domain/context.ts';
import { MemoryMailer } from '../domain/mail/index.ts';
import { createSecretBox } from '../store/index.ts';
import type { Store } from '../store/store.ts';
import { createAuthenticator } from './authenticate.ts';
import { buildServer, type RouteModule } from './server.ts';

export interface TestServerOptions {
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  readonly log?: Logger;
  readonly bus?: Bus;
  readonly signup?: SignupPolicy;
  readonly routes?: (ambient: Ambient, services: AccountServices) => readonly RouteModule[];
  readonly bodyLimitBytes?: number;
  readonly metrics?: Registry;
  readonly rateLimits?: boolean;
  readonly trustProxy?: readonly string[];
  readonly consoleDir?: string;
  /** Where people reach it; `http://127.0.0.1:8080` when left out. */
  readonly publicUrl?: string;
}

export interface TestServer {
  readonly fastify: FastifyInstance;
  readonly ambient: Ambient;
  readonly services: AccountServices;
  readonly mailer: MemoryMailer;
  /** Makes an account with the password `correct horse` and a token of it that never expires. */
  addUser(username: string, options?: { readonly operator?: boolean }): Promise<TestUser>;
}

export interface TestUser {
  readonly id: string;
  readonly username: string;
  readonly token: string;
  readonly tokenId: string;
  /** The Authorization header. */
  readonly headers: { readonly authorization: string };
}

/** For tests: the real server over a store, with passwords that are cheap to hash; use its `inject`. */
export async function testServer(store: Store, options: TestServerOptions = {}): Promise<TestServer> {
  const ambient: Ambient = {
    store,
    clock: options.clock ?? systemClock,
    entropy: options.entropy ?? seededEntropy(1),
    log: options.log ?? silentLogger,
  };
  const mailer = new MemoryMailer();
  const services = createAccountServices(ambient, {
    bus: options.bus ?? new InProcessBus(ambient.log),
    signup: options.signup ?? 'open',
    mailer,
    secrets: createSecretBox(ambient.entropy.bytes(32), ambient.entropy),
    publicUrl: options.publicUrl ?? 'http://127.0.0.1:8080',
    passwords: { cost: { memoryKib: 8, passes: 1, lanes: 1 } },
  });
  const fastify = await buildServer({
    ambient,
    authenticator: createAuthenticator(ambient, services),
    metrics: options.metrics ?? new Registry(),
    routes: options.routes?.(ambient, services) ?? [],
    ...(options.rateLimits !== undefined && { rateLimits: options.rateLimits }),
    ...(options.trustProxy !== undefined && { trustProxy: options.trustProxy }),
    consoleDir: options.consoleDir,
    ...(options.bodyLimitBytes !== undefined && { bodyLimitBytes: options.bodyLimitBytes }),
  });
  return {
    fastify,
    ambient,
    services,
    mailer,
    async addUser(username, { operator = false } = {}) {
      const user = await createUser(ambient, services, { username, password: 'correct horse', operator });
      const request = {
        subject: { kind: 'user' as const, id: user.id },
        clientId: 'particle',
        lifetimeSeconds: 0,
        withRefresh: false,
      };
      const { accessToken, tokenId } = await issueToken(ambient, store.db, request);
      const headers = { authorization: `Bearer ${accessToken}` };
      return { id: user.id, username: user.username, token: accessToken, tokenId, headers };
    },
  };
}
