import { customerRoutes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Bus } from '../../bus/index.ts';
import type { AccountServices, IssuedToken } from '../../domain/accounts/index.ts';
import {
  type CustomerPlace,
  createCustomer,
  customerPlace,
  enterWithClient,
  enterWithWebClient,
  listCustomers,
  type ReleaseDevicesOf,
  removeCustomer,
  setCustomerPassword,
} from '../../domain/customers/index.ts';
import { findDevicesOfOwners, type OwnedDevice, releaseDevicesOf } from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { enterProduct } from '../../domain/products/index.ts';
import { basicCredentials } from '../authenticate.ts';
import { clientCredentials } from '../client-credentials.ts';
import type { HttpApp } from '../http-app.ts';
import { registerRoute } from '../register-route.ts';
import { recognize } from '../route-door.ts';
import type { RouteModule } from '../server.ts';
import { customerPageModule } from './customer-pages.ts';

interface Parts {
  readonly accounts: AccountServices;
  readonly bus: Bus;
  readonly commands: Pick<DeviceCommands, 'isOnline'>;
}

const OK = { ok: true as const };

/** Customers of a product: section 6 of the product notes. */
export function customerRouteModule({ accounts, bus, commands }: Parts): RouteModule {
  const release: ReleaseDevicesOf = (db, ownerIds, at) => releaseDevicesOf(db, bus, ownerIds, at);
  const registerPages = customerPageModule(accounts);
  return (app) => {
    registerPages(app);
    registerRoute(app, customerRoutes.createCustomer, async ({ ctx, params, body, request, reply }) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
      const { productIdOrSlug } = params;
      const { email: username, password = '', client_id: clientId, client_secret: clientSecret } = body;
      const noPassword = body.no_password === true;
      if (body.response_type === 'token' && clientId !== undefined && !clientSecret) {
        const { redirect_uri: redirectUri, state } = body;
        const place = await enterWithWebClient(ctx, productIdOrSlug, { clientId, redirectUri });
        const input = { username, password: checkedPassword(password, false), withRefresh: false };
        return sendToClient(reply, place.redirectUri, await createCustomer(ctx, accounts, place, input), state);
      }
      const place = await placeOf(app, request, productIdOrSlug, body);
      const input = { username, password: checkedPassword(password, noPassword), withRefresh: true };
      const issued = await createCustomer(ctx, accounts, place, input);
      return {
        token_type: 'bearer' as const,
        access_token: issued.accessToken,
        ...(issued.refreshToken !== undefined && { refresh_token: issued.refreshToken }),
        expires_in: issued.expiresInSeconds,
      };
    });
    registerRoute(app, customerRoutes.listCustomers, async ({ ctx, query }) => {
      const { page = 1, perPage = query.per_page ?? 25 } = query;
      const { customers, totalPages } = await listCustomers(ctx, { page, perPage }, findDevicesOfOwners);
      return {
        customers: customers.map(({ customer, devices }) => ({
          id: customer.id,
          full_name: customer.fullName,
          username: customer.username,
          devices: devices.map((device) => device.id),
        })),
        devices: customers.flatMap(({ devices }) => devices).map((device) => renderDevice(device, commands)),
        meta: { total_pages: totalPages },
      };
    });
    registerRoute(app, customerRoutes.updateCustomer, async ({ ctx, params, body }) => {
      await setCustomerPassword(ctx, accounts, params.email, body.password);
      return OK;
    });
    registerRoute(app, customerRoutes.deleteCustomer, async ({ ctx, params }) => {
      await removeCustomer(ctx, accounts, params.email, release);
      return OK;
    });
  };
}

/** The client that a request names by secret goes before a token: programs that have a token send it with everything. */
async function placeOf(
  app: HttpApp,
  request: FastifyRequest,
  selector: string,
  body: { readonly client_id?: string | undefined; readonly client_secret?: string | undefined },
): Promise<CustomerPlace> {
  if (basicCredentials(request) !== undefined || body.client_id !== undefined) {
    return enterWithClient(app.ambient, selector, clientCredentials(request, body));
  }
  const actor = await app.authenticator.token(request);
  recognize(request, actor);
  return customerPlace(await enterProduct({ ...app.ambient, actor }, selector, 'customers:create'));
}

/** @returns undefined for a shadow customer. @throws DomainError `invalid` unless there is either a password or `no_password`. */
function checkedPassword(password: string, noPassword: boolean): string | undefined {
  if (noPassword === (password === '')) return noPassword ? undefined : password;
  throw new DomainError(
    'invalid',
    'invalid_request',
    'Send either password, or no_password=true for a shadow customer',
  );
}

/** The implicit flow (RFC 6749 section 4.2.2): the token goes where only the page of the client reads it. */
function sendToClient(
  reply: FastifyReply,
  redirectUri: string,
  issued: IssuedToken,
  state: string | undefined,
): FastifyReply {
  const fragment = new URLSearchParams({
    access_token: issued.accessToken,
    token_type: 'bearer',
    expires_in: String(issued.expiresInSeconds),
    ...(state !== undefined && { state }),
  });
  return reply.header('referrer-policy', 'no-referrer').redirect(`${redirectUri}#${fragment}`, 302);
}

function renderDevice(device: OwnedDevice, commands: Pick<DeviceCommands, 'isOnline'>) {
  return {
    id: device.id,
    product_id: device.productId ?? device.platformId,
    last_ip_address: device.lastIp,
    firmware_version: device.firmwareVersion,
    online: commands.isOnline(device.id),
  };
}
