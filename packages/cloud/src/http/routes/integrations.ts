import { type IntegrationFamily, integrationFamilies } from '@cloudchamber/contract';
import type { Bus } from '../../bus/index.ts';
import { type AccountServices, subjectIdOf } from '../../domain/accounts/index.ts';
import type { TokenContext, UserContext } from '../../domain/context.ts';
import { type IntegrationTargets, runOnce } from '../../domain/deliveries/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import {
  copyIntegration,
  createIntegration,
  deleteIntegration,
  getIntegration,
  type Integration,
  type IntegrationOwner,
  integrationNotFound,
  listIntegrations,
  prepareTest,
  summarizeIntegrations,
  updateIntegration,
} from '../../domain/integrations/index.ts';
import type { OrganizationContext } from '../../domain/organizations/index.ts';
import type { ProductContext } from '../../domain/products/index.ts';
import type { ContextFor, HttpApp } from '../http-app.ts';
import { registerRoute } from '../register-route.ts';
import { RequestSlots } from '../request-slots.ts';
import type { RouteModule } from '../server.ts';
import { createdBody, detailsBody, integrationBody, summarizedBody } from './integrations-body.ts';

interface Parts {
  readonly accounts: Pick<AccountServices, 'secrets'>;
  readonly bus: Bus;
  /** What makes the request of a test. */
  readonly targets: Pick<IntegrationTargets, 'open'>;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
}

/** Whose integrations a request is about. */
interface Place {
  readonly ctx: TokenContext;
  readonly owner: IntegrationOwner;
}

/** A test holds a connection for as long as the other server likes: nobody's deliveries shall wait for tests. */
const MOST_TESTS = { each: 4, all: 32 };

/** Integrations and webhooks: section 4 of the event notes. */
export function integrationRouteModule({ accounts, bus, targets, publicUrl }: Parts): RouteModule {
  const services = { bus, secrets: accounts.secrets };
  const tests = new RequestSlots('tests of integrations', MOST_TESTS);

  function registerFamily<A extends 'user' | 'product' | 'organization'>(
    app: HttpApp,
    family: IntegrationFamily<A>,
    placeOf: (ctx: ContextFor<A>) => Place,
  ): void {
    const webhooksOnly = family.noun === 'Webhook';
    const settingsOf = (body: Readonly<Record<string, unknown>>) => {
      if (webhooksOnly) requireWebhook(body);
      return body;
    };
    const requireShown = async ({ ctx, owner }: Place, id: string) => {
      const details = await getIntegration(ctx, owner, id);
      if (webhooksOnly && details.integration.type !== 'Webhook') throw integrationNotFound();
      return details;
    };
    registerRoute(app, family.list, async (input) => {
      const { ctx, owner } = placeOf(input.ctx);
      const all = await listIntegrations(ctx, owner);
      const shown = webhooksOnly ? all.filter(isWebhook) : all;
      if (input.query.summary !== true) return shown.map(integrationBody);
      const summaries = await summarizeIntegrations(ctx, owner);
      return shown.map((one) => summarizedBody(one, summaries.get(one.id)));
    });
    registerRoute(app, family.create, async (input) => {
      const { ctx, owner } = placeOf(input.ctx);
      input.reply.header('cache-control', 'no-store');
      return createdBody(await createIntegration(ctx, services, owner, settingsOf(input.body)), publicUrl);
    });
    registerRoute(app, family.get, async (input) => {
      const body = detailsBody(await requireShown(placeOf(input.ctx), input.params.integrationId));
      return { integration: body, ...(webhooksOnly && { webhook: body }) };
    });
    registerRoute(app, family.update, async (input) => {
      const place = placeOf(input.ctx);
      const { integrationId } = input.params;
      if (webhooksOnly) await requireShown(place, integrationId);
      const changed = await updateIntegration(place.ctx, services, place.owner, integrationId, settingsOf(input.body));
      return { integration: integrationBody(changed) };
    });
    registerRoute(app, family.remove, async (input) => {
      const place = placeOf(input.ctx);
      const { integrationId } = input.params;
      if (webhooksOnly) await requireShown(place, integrationId);
      await deleteIntegration(place.ctx, services, place.owner, integrationId);
      return undefined;
    });
    registerRoute(app, family.test, async (input) => {
      const place = placeOf(input.ctx);
      const { integrationId } = input.params;
      if (webhooksOnly) await requireShown(place, integrationId);
      const asked = { data: input.body.data ?? 'test-event', deviceId: input.body.device_id ?? 'api' };
      const { integration, event } = await prepareTest(place.ctx, services, place.owner, integrationId, asked);
      const { actor } = place.ctx;
      const release = tests.take(`${actor.kind} ${subjectIdOf(actor)}`);
      try {
        const { ok, body, error } = await runOnce(targets, integration, event);
        return ok
          ? { pass: true as const, data: body }
          : { pass: false as const, error: error ?? 'The request failed' };
      } finally {
        release();
      }
    });
  }

  return (app) => {
    // The router prefers a word of a path to a parameter: `copy` is the id of no integration.
    registerRoute(app, integrationFamilies.copyIntegration, async ({ ctx, body, reply }) => {
      reply.header('cache-control', 'no-store');
      return createdBody(await copyIntegration(ctx, services, body), publicUrl);
    });
    for (const family of integrationFamilies.own) registerFamily(app, family, ownPlace);
    for (const family of integrationFamilies.ofProduct) registerFamily(app, family, productPlace);
    for (const family of integrationFamilies.ofOrganization) registerFamily(app, family, organizationPlace);
  };
}

const ownPlace = (ctx: UserContext): Place => ({ ctx, owner: { kind: 'user', id: ctx.actor.userId } });

const productPlace = (ctx: ProductContext): Place => ({ ctx, owner: { kind: 'product', id: String(ctx.product.id) } });

const organizationPlace = (ctx: OrganizationContext): Place => ({
  ctx,
  owner: { kind: 'organization', id: ctx.organization.id },
});

const isWebhook = ({ type }: Integration) => type === 'Webhook';

function requireWebhook({ integration_type: type }: Readonly<Record<string, unknown>>): void {
  if (type === undefined || type === null || type === '' || type === 'Webhook') return;
  const text = 'integration_type: is Webhook here: other integrations are made at …/integrations';
  throw new DomainError('invalid', 'integration.invalid', text);
}
