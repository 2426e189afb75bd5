import { auditRoutes, formatTimestamp, parseTimestamp } from '@cloudchamber/contract';
import { type AuditView, listEntries } from '../../domain/audit/index.ts';
import type { Ambient } from '../../domain/context.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

interface AuditQuery {
  readonly before?: number | undefined;
  readonly per_page?: number | undefined;
  readonly perPage?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly operation?: string | undefined;
  readonly actor?: string | undefined;
}

const USUAL_PAGE = 50;

/** Who changed what: the log of a product, an organization, an account, and the whole server. */
export function auditRouteModule(): RouteModule {
  return (app) => {
    registerRoute(app, auditRoutes.listProductAudit, ({ ctx, query }) =>
      page(ctx, { of: 'product', productId: ctx.product.id }, query),
    );
    registerRoute(app, auditRoutes.listOrganizationAudit, ({ ctx, query }) =>
      page(ctx, { of: 'organization', organizationId: ctx.organization.id }, query),
    );
    registerRoute(app, auditRoutes.listUserAudit, ({ ctx, query }) =>
      page(ctx, { of: 'user', userId: ctx.actor.userId }, query),
    );
    registerRoute(app, auditRoutes.listAudit, ({ ctx, query }) => page(ctx, { of: 'everybody' }, query));
  };
}

async function page(ctx: Pick<Ambient, 'store'>, view: AuditView, query: AuditQuery) {
  const { before, operation, actor } = query;
  const limit = query.per_page ?? query.perPage ?? USUAL_PAGE;
  const from = query.from === undefined ? undefined : parseTimestamp(query.from);
  const to = query.to === undefined ? undefined : parseTimestamp(query.to);
  const { entries, next } = await listEntries(ctx, view, { before, from, to, operation, actor, limit });
  return {
    entries: entries.map((entry) => ({
      id: entry.sequence,
      at: formatTimestamp(entry.at),
      actor: { ...entry.actor },
      address: entry.address,
      operation: entry.operation,
      object: { params: { ...entry.object.params }, fields: [...entry.object.fields] },
      product_id: entry.productId,
      organization_id: entry.organizationId,
      request_id: entry.requestId,
    })),
    meta: { next_before: next },
  };
}
