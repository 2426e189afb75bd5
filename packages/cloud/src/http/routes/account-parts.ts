import type { Bus } from '../../bus/index.ts';
import type { AccountServices } from '../../domain/accounts/index.ts';
import { endLinkedLogins } from '../../domain/customers/index.ts';
import { countDevices, releaseDevicesOf } from '../../domain/devices/index.ts';
import { endIntegrations } from '../../domain/integrations/index.ts';
import { findOwnedOrganizationNames, listOrganizations } from '../../domain/organizations/index.ts';
import { findOwnedProductNames } from '../../domain/products/index.ts';
import { membershipsOf } from '../../domain/teams/index.ts';
import type { AccountHooks } from './account-hooks.ts';
import { renderMembership } from './teams-body.ts';

interface Parts {
  readonly accounts: AccountServices;
  readonly bus: Bus;
}

/** What the other domains do for the routes of accounts. */
export function accountHooks({ accounts, bus }: Parts): AccountHooks {
  return {
    countDevices,
    memberships: async (ctx, userId) => (await membershipsOf(ctx, userId)).map(renderMembership),
    organizations: listOrganizations,
    placesOf: [
      async (db, userId) => (await findOwnedProductNames(db, userId)).map((name) => `the product "${name}"`),
      async (db, userId) => (await findOwnedOrganizationNames(db, userId)).map((name) => `the organization "${name}"`),
    ],
    endings: [
      (db, userId, at) => releaseDevicesOf(db, bus, [userId], at),
      (db, userId) => endIntegrations(db, { bus }, { kind: 'user', id: userId }),
      endLinkedLogins(accounts),
    ],
  };
}
