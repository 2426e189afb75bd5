import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Registry } from 'prom-client';
import type { Bus } from '../../bus/index.ts';
import type { AccountServices, FirstRun } from '../../domain/accounts/index.ts';
import type { AttemptRecorder } from '../../domain/connections/index.ts';
import type { DeliveryBacklog, IntegrationTargets } from '../../domain/deliveries/index.ts';
import type { EventTargets, LiveHub } from '../../domain/events/index.ts';
import type { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import type { FleetUpdater } from '../../domain/fleet-updates/index.ts';
import type { Mailbox } from '../../domain/mail/index.ts';
import type { OrganizationPolicy } from '../../domain/organizations/index.ts';
import type { ServerKeyRing } from '../../domain/server-keys/index.ts';
import type { RouteModule } from '../server.ts';
import type { SseLimits } from '../sse-streams.ts';
import { accountHooks } from './account-parts.ts';
import { accountRouteModule } from './accounts.ts';
import { addressRouteModule } from './addresses.ts';
import { auditRouteModule } from './audit.ts';
import { authorizeRouteModule } from './authorize.ts';
import { cancelUpdateRouteModule } from './cancel-update.ts';
import { claimRouteModule } from './claims.ts';
import { connectionRouteModule } from './connections.ts';
import { consoleRouteModule } from './console.ts';
import { customerRouteModule } from './customers.ts';
import { dataOperationRouteModule } from './data-operations.ts';
import { deliveryRouteModule } from './deliveries.ts';
import { deviceRouteModule } from './devices.ts';
import { eventRouteModule } from './events.ts';
import { firmwareModuleRouteModule } from './firmware-modules.ts';
import { groupRouteModule } from './groups.ts';
import { healthRouteModule } from './health.ts';
import { historyRouteModule } from './history.ts';
import { integrationRouteModule } from './integrations.ts';
import { keyRouteModule } from './keys.ts';
import { mailboxRouteModule } from './mailbox.ts';
import { organizationRouteModule } from './organizations.ts';
import { permissionRouteModule } from './permissions.ts';
import { productDeviceRouteModule } from './product-devices.ts';
import { productFirmwareRouteModule } from './product-firmware.ts';
import { productRouteModule } from './products.ts';
import { rolloutRouteModule } from './rollouts.ts';
import { searchRouteModule } from './search.ts';
import { serviceRouteModule } from './service.ts';
import { simRouteModule } from './sims.ts';
import { teamRouteModule } from './teams.ts';
import { updateRouteModule } from './updates.ts';
import { vitalsRouteModule } from './vitals.ts';

/** What the routes call. */
export interface RouteParts {
  readonly accounts: AccountServices;
  /** Whether an operator's account is still to be made. */
  readonly firstRun: FirstRun;
  readonly bus: Bus;
  readonly hub: LiveHub;
  readonly backlog: DeliveryBacklog;
  /** Which integrations an event triggers. */
  readonly integrations: EventTargets;
  readonly commands: DeviceCommands;
  readonly updates: UpdateJournal;
  readonly blobs: FirmwareBlobs;
  /** What devices wait for. */
  readonly fleet: Pick<FleetUpdater, 'waitOf' | 'waitingIn'>;
  /** What makes the request of an integration's test. */
  readonly targets: Pick<IntegrationTargets, 'open'>;
  readonly serverKeys: ServerKeyRing;
  /** What keeps how devices tried to connect. */
  readonly connections: Pick<AttemptRecorder, 'leftOut'>;
  readonly metrics: Registry;
  /** Where mails are kept while there is no SMTP. */
  readonly mailbox?: Mailbox;
  readonly probes: Readonly<Record<string, () => Promise<void>>>;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
  /** What devices are told to call. */
  readonly deviceHost: string;
  /** Where DTLS listens; null when it is off. */
  readonly udpPort: number | null;
  /** Where AES over TCP listens; null when it is off. */
  readonly tcpPort: number | null;
  readonly sseLimits?: SseLimits;
  /** Who may make organizations (CHAMBER_ORG_CREATION); operators when left out. */
  readonly organizationPolicy?: OrganizationPolicy;
  /** The most people in the team of an account's product (CHAMBER_TEAM_LIMIT); 0 or nothing for no limit. */
  readonly teamLimit?: number;
  /** How many days events are kept where nobody has chosen (CHAMBER_EVENT_DAYS); 30 when left out. */
  readonly eventDays?: number;
}

/** Every route of the contract. */
export function routeModules(parts: RouteParts): readonly RouteModule[] {
  return [
    accountRouteModule(parts.accounts, accountHooks(parts)),
    addressRouteModule(parts),
    auditRouteModule(),
    authorizeRouteModule(parts.accounts),
    cancelUpdateRouteModule(parts),
    consoleRouteModule(parts),
    connectionRouteModule(parts),
    customerRouteModule(parts),
    claimRouteModule(parts),
    dataOperationRouteModule(),
    deliveryRouteModule(parts),
    deviceRouteModule(parts),
    eventRouteModule(parts),
    firmwareModuleRouteModule(parts),
    groupRouteModule(parts),
    healthRouteModule(parts),
    historyRouteModule(parts),
    integrationRouteModule(parts),
    keyRouteModule(parts),
    mailboxRouteModule(parts.mailbox),
    organizationRouteModule(parts),
    permissionRouteModule(),
    productDeviceRouteModule(parts),
    productFirmwareRouteModule(parts),
    productRouteModule(parts),
    rolloutRouteModule(parts),
    searchRouteModule(parts),
    serviceRouteModule(parts),
    simRouteModule(),
    teamRouteModule(parts),
    updateRouteModule(parts),
    vitalsRouteModule(parts),
  ];
}
