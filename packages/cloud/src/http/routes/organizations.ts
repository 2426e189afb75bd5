import { formatTimestamp, organizationRoutes } from '@cloudchamber/contract';
import type { AccountServices } from '../../domain/accounts/index.ts';
import { endIntegrations } from '../../domain/integrations/index.ts';
import {
  createOrganization,
  listOrganizations,
  type Organization,
  type OrganizationPolicy,
  removeOrganization,
  updateOrganization,
} from '../../domain/organizations/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

interface Parts {
  readonly accounts: AccountServices;
  /** Who may make organizations (CHAMBER_ORG_CREATION); operators when left out. */
  readonly organizationPolicy?: OrganizationPolicy;
}

/** Everything of `contract/organizations`. */
export function organizationRouteModule({ accounts, organizationPolicy = 'operator' }: Parts): RouteModule {
  return (app) => {
    registerRoute(app, organizationRoutes.listOrganizations, async ({ ctx }) => ({
      organizations: (await listOrganizations(ctx)).map(organizationBody),
    }));
    registerRoute(app, organizationRoutes.createOrganization, async ({ ctx, body }) => ({
      organization: organizationBody(await createOrganization(ctx, organizationPolicy, body)),
    }));
    registerRoute(app, organizationRoutes.getOrganization, async ({ ctx }) => ({
      organization: organizationBody(ctx.organization),
    }));
    registerRoute(app, organizationRoutes.updateOrganization, async ({ ctx, body }) => ({
      organization: organizationBody(await updateOrganization(ctx, body)),
    }));
    registerRoute(app, organizationRoutes.removeOrganization, async ({ ctx }) => {
      await removeOrganization(ctx, accounts, [
        (db, id) => endIntegrations(db, accounts, { kind: 'organization', id }),
      ]);
      return undefined;
    });
  };
}

function organizationBody(organization: Organization) {
  return {
    id: organization.id,
    slug: organization.slug,
    name: organization.name,
    owner: organization.ownerId,
    created_at: formatTimestamp(organization.createdAt),
    updated_at: formatTimestamp(organization.updatedAt),
  };
}
