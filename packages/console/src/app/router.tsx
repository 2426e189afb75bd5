import { ApiError } from '@cloudchamber/contract/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { auditSearch } from '../components/audit-log/audit-search.ts';
import { eventLogSearch } from '../components/event-log/event-log-search.ts';
import { checkSession, sessionQuery } from '../data/session.ts';
import { customersSearch } from '../pages/customers/customers-search.ts';
import { deviceSearch } from '../pages/devices/device-search.ts';
import { devicesSearch } from '../pages/devices/devices-search.ts';
import { doctorSearch } from '../pages/doctor/doctor-search.ts';
import { firmwareSearch, rolloutSearch } from '../pages/firmware/firmware-search.ts';
import { type NextSearch, nextSearch, safeNext } from '../pages/getting-in/next-search.ts';
import { groupsSearch } from '../pages/groups/groups-search.ts';
import {
  integrationSearch,
  integrationsSearch,
  newIntegrationSearch,
} from '../pages/integrations/integrations-search.ts';
import { operatorSearch } from '../pages/operator/operator-search.ts';
import { productDevicesSearch } from '../pages/product-devices/product-devices-search.ts';
import { overviewSearch } from '../pages/products/overview-search.ts';
import { productsSearch } from '../pages/products/products-search.ts';
import { teamSearch } from '../pages/team/team-search.ts';
import { BrokenPage, NoSuchPage } from './broken-page.tsx';
import { Shell } from './shell.tsx';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => checkSession(queries, error) }),
  mutationCache: new MutationCache({ onError: (error) => checkSession(queries, error) }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; what could not be reached is tried again.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  component: Outlet,
  errorComponent: BrokenPage,
  notFoundComponent: NoSuchPage,
  beforeLoad: async ({ context }) => context.queries.ensureQueryData(sessionQuery),
});

/** Whoever is logged in already goes on to where a log-in would have led. */
async function onlyLoggedOut({ search }: { readonly search: NextSearch }): Promise<void> {
  const { user } = await queries.ensureQueryData(sessionQuery);
  if (user !== null) throw redirect({ href: safeNext(search.next), replace: true });
}

// Pages for whoever is not logged in.
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: nextSearch,
  beforeLoad: onlyLoggedOut,
  component: lazyRouteComponent(() => import('../pages/getting-in/login-page.tsx'), 'LoginPage'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  validateSearch: nextSearch,
  beforeLoad: onlyLoggedOut,
  component: lazyRouteComponent(() => import('../pages/getting-in/sign-up-page.tsx'), 'SignUpPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { readonly code?: string } =>
    search.code === undefined ? {} : { code: String(search.code) },
  component: lazyRouteComponent(() => import('../pages/getting-in/setup-page.tsx'), 'SetupPage'),
});
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('../pages/getting-in/forgot-password-page.tsx'), 'ForgotPasswordPage'),
});

// Everything else takes a log-in.
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const { user, cloud } = await context.queries.ensureQueryData(sessionQuery);
    if (user !== null) return;
    if (cloud.firstRun) throw redirect({ to: '/setup', search: {} });
    throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
  },
});
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/devices' });
  },
});

const sandbox = [
  createRoute({
    getParentRoute: () => inside,
    path: '/devices',
    validateSearch: devicesSearch,
    component: lazyRouteComponent(() => import('../pages/devices/devices-page.tsx'), 'DevicesPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/devices/$deviceId',
    validateSearch: deviceSearch,
    component: lazyRouteComponent(() => import('../pages/devices/device-page.tsx'), 'DevicePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/events',
    validateSearch: eventLogSearch,
    component: lazyRouteComponent(() => import('../pages/events/events-page.tsx'), 'EventsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/integrations',
    validateSearch: integrationsSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/integrations-page.tsx'), 'IntegrationsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/integrations/new',
    validateSearch: newIntegrationSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/new-integration-page.tsx'), 'NewIntegrationPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/integrations/$integrationId',
    validateSearch: integrationSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/integration-page.tsx'), 'IntegrationPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/products',
    validateSearch: productsSearch,
    component: lazyRouteComponent(() => import('../pages/products/products-page.tsx'), 'ProductsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/authentication',
    component: lazyRouteComponent(
      () => import('../pages/authentication/authentication-page.tsx'),
      'AuthenticationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/account',
    component: lazyRouteComponent(() => import('../pages/account/account-page.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/invitations',
    component: lazyRouteComponent(() => import('../pages/getting-in/invitations-page.tsx'), 'InvitationsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/doctor',
    validateSearch: doctorSearch,
    component: lazyRouteComponent(() => import('../pages/doctor/doctor-page.tsx'), 'DoctorPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/operator',
    validateSearch: operatorSearch,
    component: lazyRouteComponent(() => import('../pages/operator/operator-page.tsx'), 'OperatorPage'),
  }),
] as const;

const product = createRoute({ getParentRoute: () => inside, path: '/products/$product', component: Outlet });
const productPages = [
  createRoute({
    getParentRoute: () => product,
    path: '/',
    validateSearch: overviewSearch,
    component: lazyRouteComponent(() => import('../pages/products/overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/devices',
    validateSearch: productDevicesSearch,
    component: lazyRouteComponent(
      () => import('../pages/product-devices/product-devices-page.tsx'),
      'ProductDevicesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/devices/$deviceId',
    validateSearch: deviceSearch,
    component: lazyRouteComponent(() => import('../pages/devices/device-page.tsx'), 'DevicePage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/groups',
    validateSearch: groupsSearch,
    component: lazyRouteComponent(() => import('../pages/groups/groups-page.tsx'), 'GroupsPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/firmware',
    validateSearch: firmwareSearch,
    component: lazyRouteComponent(() => import('../pages/firmware/firmware-page.tsx'), 'FirmwarePage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/rollouts/$rolloutId',
    validateSearch: rolloutSearch,
    component: lazyRouteComponent(() => import('../pages/firmware/rollout-page.tsx'), 'RolloutPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/customers',
    validateSearch: customersSearch,
    component: lazyRouteComponent(() => import('../pages/customers/customers-page.tsx'), 'CustomersPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/team',
    validateSearch: teamSearch,
    component: lazyRouteComponent(() => import('../pages/team/team-page.tsx'), 'TeamPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/events',
    validateSearch: eventLogSearch,
    component: lazyRouteComponent(() => import('../pages/events/events-page.tsx'), 'EventsPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/integrations',
    validateSearch: integrationsSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/integrations-page.tsx'), 'IntegrationsPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/integrations/new',
    validateSearch: newIntegrationSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/new-integration-page.tsx'), 'NewIntegrationPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/integrations/$integrationId',
    validateSearch: integrationSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/integration-page.tsx'), 'IntegrationPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/authentication',
    component: lazyRouteComponent(
      () => import('../pages/authentication/authentication-page.tsx'),
      'AuthenticationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/settings',
    component: lazyRouteComponent(() => import('../pages/products/product-settings-page.tsx'), 'ProductSettingsPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/audit',
    validateSearch: auditSearch,
    component: lazyRouteComponent(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => product,
    path: '/doctor',
    validateSearch: doctorSearch,
    component: lazyRouteComponent(() => import('../pages/doctor/doctor-page.tsx'), 'DoctorPage'),
  }),
] as const;

const organization = createRoute({ getParentRoute: () => inside, path: '/orgs/$organization', component: Outlet });
const organizationPages = [
  createRoute({
    getParentRoute: () => organization,
    path: '/',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/orgs/$organization/products', params });
    },
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/products',
    validateSearch: productsSearch,
    component: lazyRouteComponent(() => import('../pages/products/products-page.tsx'), 'ProductsPage'),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/team',
    validateSearch: teamSearch,
    component: lazyRouteComponent(() => import('../pages/team/team-page.tsx'), 'TeamPage'),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/events',
    validateSearch: eventLogSearch,
    component: lazyRouteComponent(() => import('../pages/events/events-page.tsx'), 'EventsPage'),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/integrations',
    validateSearch: integrationsSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/integrations-page.tsx'), 'IntegrationsPage'),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/integrations/new',
    validateSearch: newIntegrationSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/new-integration-page.tsx'), 'NewIntegrationPage'),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/integrations/$integrationId',
    validateSearch: integrationSearch,
    component: lazyRouteComponent(() => import('../pages/integrations/integration-page.tsx'), 'IntegrationPage'),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/settings',
    component: lazyRouteComponent(
      () => import('../pages/organizations/organization-settings-page.tsx'),
      'OrganizationSettingsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: '/audit',
    validateSearch: auditSearch,
    component: lazyRouteComponent(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
  }),
] as const;

const tree = root.addChildren([
  login,
  signUp,
  setup,
  forgotPassword,
  inside.addChildren([
    home,
    ...sandbox,
    product.addChildren([...productPages]),
    organization.addChildren([...organizationPages]),
  ]),
]);

/** The pages of the console by their addresses. Each is loaded when it is opened. */
export const router = createRouter({
  routeTree: tree,
  context: { queries },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
