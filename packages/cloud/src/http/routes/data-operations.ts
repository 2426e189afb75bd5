import { dataOperationRoutes, formatTimestamp, parseTimestamp } from '@cloudchamber/contract';
import type { Ambient } from '../../domain/context.ts';
import {
  listOperations,
  type OperationGroup,
  type OperationPeriod,
  type OperationPlace,
} from '../../domain/data-operations/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

interface OperationsQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by?: OperationPeriod | undefined;
  readonly group?: OperationGroup | undefined;
  readonly after?: string | undefined;
  readonly per_page?: number | undefined;
}

const USUAL_PAGE = 100;

/** How many data operations an account, a product and an organization had (BIL-13 to BIL-23). */
export function dataOperationRouteModule(): RouteModule {
  return (app) => {
    registerRoute(app, dataOperationRoutes.listDataOperations, ({ ctx, query }) =>
      page(ctx, { of: 'user', userId: ctx.actor.userId }, query),
    );
    registerRoute(app, dataOperationRoutes.listProductDataOperations, ({ ctx, query }) =>
      page(ctx, { of: 'product', productId: ctx.product.id }, query),
    );
    registerRoute(app, dataOperationRoutes.listOrganizationDataOperations, ({ ctx, query }) =>
      page(ctx, { of: 'organization', organizationId: ctx.organization.id }, query),
    );
  };
}

async function page(ctx: Pick<Ambient, 'store' | 'clock'>, place: OperationPlace, query: OperationsQuery) {
  const { by = 'day', group = 'kind', after } = query;
  const found = await listOperations(ctx, place, {
    from: timeOf(query.from),
    to: timeOf(query.to),
    by,
    group,
    after,
    limit: query.per_page ?? USUAL_PAGE,
  });
  return {
    from: formatTimestamp(found.start),
    to: formatTimestamp(found.end),
    by,
    group,
    operations: found.sums.map(({ time, key, count }) => ({
      time: formatTimestamp(time),
      ...named(group, key),
      count,
    })),
    meta: { next_after: found.next },
  };
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseTimestamp(text);
}

/** The keys of counts are never null: no device is an empty text, no product `0`. */
function named(group: OperationGroup, key: string) {
  if (group === 'kind') return { kind: key };
  if (group === 'device') return { device_id: key === '' ? null : key };
  return { product_id: key === '0' ? null : Number(key) };
}
