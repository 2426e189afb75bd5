import type { AccountsTables } from './tables/accounts.ts';
import type { ConnectionAttemptsTables } from './tables/connection-attempts.ts';
import type { ConsumerGroupsTables } from './tables/consumer-groups.ts';
import type { DataOperationsTables } from './tables/data-operations.ts';
import type { DeviceSessionsTables } from './tables/device-sessions.ts';
import type { DevicesTables } from './tables/devices.ts';
import type { EventHistoryTables } from './tables/event-history.ts';
import type { EventsTables } from './tables/events.ts';
import type { FirmwareUpdatesTables } from './tables/firmware-updates.ts';
import type { FleetsTables } from './tables/fleets.ts';
import type { IntegrationsTables } from './tables/integrations.ts';
import type { ServerKeysTables } from './tables/server-keys.ts';
import type { TenancyTables } from './tables/tenancy.ts';

/**
 * Every table by name, as Kysely sees it. The same on both engines: ids are text, times are integer ms UTC, booleans are 0 or 1,
 * JSON is text, binary is `Uint8Array` (BLOB on SQLite, bytea on PostgreSQL).
 */
export interface Tables
  extends EventsTables,
    AccountsTables,
    DevicesTables,
    ServerKeysTables,
    DeviceSessionsTables,
    FirmwareUpdatesTables,
    FleetsTables,
    TenancyTables,
    IntegrationsTables,
    DataOperationsTables,
    EventHistoryTables,
    ConsumerGroupsTables,
    ConnectionAttemptsTables {}
