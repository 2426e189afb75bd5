import { defineCommand } from '../../program/define-command.ts';

export const serverStatus = defineCommand({
  name: 'server status',
  summary: 'Show how the cloud is',
  details:
    'Ends with 8 when it cannot be reached or is not ready. Nobody has to be logged in; operators are told to operators alone.',
  json: '`{ url, public_url, version, ready, checks, device_addresses, operators, first_run, devices_online, sessions, event_streams, events_stored, events_per_second, uptime_s }`; null where the cloud does not tell',
  async run(_input, context) {
    const { readStatus, statusLines } = await import('../../services/server/read-status.ts');
    const status = await readStatus(context);
    context.out.result(status, statusLines(status));
  },
});
