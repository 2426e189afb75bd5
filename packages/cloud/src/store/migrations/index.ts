import * as events from './0001-events.ts';
import * as accounts from './0002-accounts.ts';
import * as devices from './0003-devices.ts';
import * as serverKeys from './0004-server-keys.ts';
import * as deviceSessions from './0005-device-sessions.ts';
import * as serverKeyRotation from './0006-server-key-rotation.ts';
import * as firmwareUpdates from './0007-firmware-updates.ts';
import * as tenancy from './0008-tenancy.ts';
import * as integrations from './0009-integrations.ts';
import * as eventHistory from './0010-event-history.ts';
import * as consumerGroups from './0011-consumer-groups.ts';
import * as dataOperationsByTime from './0012-data-operations-by-time.ts';
import * as fleets from './0013-fleets.ts';
import * as connectionAttempts from './0015-connection-attempts.ts';
import type { Migration } from './migration.ts';

/** Every migration in order. Add at the end only. */
export const migrations: readonly Migration[] = [
  { name: '0001-events', up: events.up },
  { name: '0002-accounts', up: accounts.up },
  { name: '0003-devices', up: devices.up },
  { name: '0004-server-keys', up: serverKeys.up },
  { name: '0005-device-sessions', up: deviceSessions.up },
  { name: '0006-server-key-rotation', up: serverKeyRotation.up },
  { name: '0007-firmware-updates', up: firmwareUpdates.up },
  { name: '0008-tenancy', up: tenancy.up },
  { name: '0009-integrations', up: integrations.up },
  { name: '0010-event-history', up: eventHistory.up },
  { name: '0011-consumer-groups', up: consumerGroups.up },
  { name: '0012-data-operations-by-time', up: dataOperationsByTime.up },
  { name: '0013-fleets', up: fleets.up },
  { name: '0015-connection-attempts', up: connectionAttempts.up },
];
