import { eventGroupRoutes, formatTimestamp } from '@cloudchamber/contract';
import { type OwnerContext, ownerIdOf } from '../../domain/context.ts';
import type { StreamPlace } from '../../domain/events/index.ts';
import type { OrganizationContext } from '../../domain/organizations/index.ts';
import type { ProductContext } from '../../domain/products/index.ts';
import type { ConsumerGroups, ConsumerGroupView } from '../../domain/streams/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';

interface AckBody {
  readonly id?: number | undefined;
  readonly ids?: readonly number[] | undefined;
}

/** The routes of consumer groups; who may read a place's stream may use its groups. */
export function registerEventGroupRoutes(app: HttpApp, groups: ConsumerGroups, family: RouteOptions): void {
  const list = async (place: StreamPlace) => ({ groups: (await groups.list(place)).map(shownGroup) });
  const get = async (place: StreamPlace, name: string) => ({ group: shownGroup(await groups.get({ place, name })) });
  const acknowledge = async (place: StreamPlace, name: string, { id, ids = [] }: AckBody) => {
    const acknowledged = await groups.acknowledge({ place, name }, id === undefined ? ids : [id]);
    return { ok: true as const, acknowledged };
  };
  const reset = async (place: StreamPlace, name: string, cursor: number) => ({
    group: shownGroup(await groups.reset({ place, name }, cursor)),
  });
  const remove = async (place: StreamPlace, name: string) => {
    await groups.remove({ place, name });
    return undefined;
  };
  const routes = eventGroupRoutes;

  registerRoute(app, routes.listEventGroups, ({ ctx }) => list(own(ctx)), family);
  registerRoute(app, routes.getEventGroup, ({ ctx, params }) => get(own(ctx), params.groupName), family);
  registerRoute(
    app,
    routes.acknowledgeEvents,
    ({ ctx, params, body }) => acknowledge(own(ctx), params.groupName, body),
    family,
  );
  registerRoute(
    app,
    routes.resetEventGroup,
    ({ ctx, params, body }) => reset(own(ctx), params.groupName, body.cursor),
    family,
  );
  registerRoute(app, routes.deleteEventGroup, ({ ctx, params }) => remove(own(ctx), params.groupName), family);

  registerRoute(app, routes.listProductEventGroups, ({ ctx }) => list(product(ctx)), family);
  registerRoute(app, routes.getProductEventGroup, ({ ctx, params }) => get(product(ctx), params.groupName), family);
  registerRoute(
    app,
    routes.acknowledgeProductEvents,
    ({ ctx, params, body }) => acknowledge(product(ctx), params.groupName, body),
    family,
  );
  registerRoute(
    app,
    routes.resetProductEventGroup,
    ({ ctx, params, body }) => reset(product(ctx), params.groupName, body.cursor),
    family,
  );
  registerRoute(
    app,
    routes.deleteProductEventGroup,
    ({ ctx, params }) => remove(product(ctx), params.groupName),
    family,
  );

  registerRoute(app, routes.listOrganizationEventGroups, ({ ctx }) => list(organization(ctx)), family);
  registerRoute(
    app,
    routes.getOrganizationEventGroup,
    ({ ctx, params }) => get(organization(ctx), params.groupName),
    family,
  );
  registerRoute(
    app,
    routes.acknowledgeOrganizationEvents,
    ({ ctx, params, body }) => acknowledge(organization(ctx), params.groupName, body),
    family,
  );
  registerRoute(
    app,
    routes.resetOrganizationEventGroup,
    ({ ctx, params, body }) => reset(organization(ctx), params.groupName, body.cursor),
    family,
  );
  registerRoute(
    app,
    routes.deleteOrganizationEventGroup,
    ({ ctx, params }) => remove(organization(ctx), params.groupName),
    family,
  );
}

const own = (ctx: OwnerContext): StreamPlace => ({ kind: 'owner', id: ownerIdOf(ctx.actor) });
const product = (ctx: ProductContext): StreamPlace => ({ kind: 'product', id: ctx.product.id });
const organization = (ctx: OrganizationContext): StreamPlace => ({ kind: 'organization', id: ctx.organization.id });

function shownGroup({ name, filter, cursor, lag, unacknowledged, readers, createdAt }: ConsumerGroupView) {
  return {
    name,
    prefix: filter.namePrefix ?? '',
    device_id: filter.deviceId ?? null,
    cursor: String(cursor),
    lag,
    unacknowledged: unacknowledged.length,
    readers,
    created_at: formatTimestamp(createdAt),
  };
}
