import type { Column } from '../../../ui/data-table.tsx';
import type { FleetDevice } from './fleet-device.ts';
import { targetOf } from './target-of.ts';

const column = (title: string, text: (device: FleetDevice) => string): Column<FleetDevice> => ({
  title,
  text,
  cell: text,
});

/** What a CSV of a product's devices has: each fact in a column of its own. */
export const CSV_COLUMNS: readonly Column<FleetDevice>[] = [
  column('Status', ({ online }) => (online ? 'online' : 'offline')),
  column('Name', ({ name }) => name),
  column('Device ID', ({ id }) => id),
  column('Serial number', ({ serial_number: serial }) => serial ?? ''),
  column('Owner', ({ owner }) => owner ?? 'none'),
  column('Firmware', ({ firmware_version: version }) => String(version ?? '')),
  column('Should run', (device) => String(targetOf(device).version ?? '')),
  column('Locked to', ({ desired_firmware_version: version }) => String(version ?? '')),
  column('Groups', ({ groups }) => groups.join(' ')),
  column('Development', ({ development }) => (development ? 'yes' : 'no')),
  column('Device OS', ({ system_firmware_version: version }) => version ?? ''),
  column('Last connected', ({ last_handshake_at: at }) => at ?? ''),
  column('Notes', ({ notes }) => notes ?? ''),
];
