import { defineCommand } from '../../program/define-command.ts';
import { flag, numberOption, textOption } from '../../program/parameters.ts';

/** By the names that `virtual-device` has for them, which reads and checks them. */
const deviceOptions = {
  count: textOption('--count <count>', 'how many devices (1)'),
  behaviour: textOption('--behaviour <list>', 'tinker, weather, echo, tracker; several are dealt in turn (weather)'),
  profile: textOption(
    '--device-profile <list>',
    'generations of Device OS, such as device-os-2.3,device-os-6.2; dealt to rounds of behaviours in turn (the newest)',
  ),
  host: textOption('--host <host>', 'where the cloud listens for devices (the host of its address)'),
  port: textOption('--port <port>', 'its UDP port (what the cloud says)'),
  'server-key': textOption('--server-key <file>', "the cloud's public key, PEM or DER (the cloud is asked)", {
    complete: 'file',
  }),
  state: textOption('--state <folder>', 'keeps ids, keys and sessions (~/.particle/virtual/<name>)', {
    complete: 'folder',
  }),
  'claim-code': textOption('--claim-code <code>', 'the one device brings this code, which claims it'),
  'name-prefix': textOption(
    '--name-prefix <name>',
    'devices are called <name>-1, <name>-2, ... (virtual-device, or --name)',
  ),
  rate: textOption('--rate <count>', 'how many begin to connect per second (100)'),
  'fail-updates': textOption(
    '--fail-updates <kind>',
    'firmware updates fail: refuse, bad-flash, never-return, no-restart, stale, slow; stale=5 for about 5 percent of the devices',
  ),
  'update-speed': textOption('--update-speed <bytes>', 'bytes per second that slow ones take (2048)'),
  'updates-disabled': flag('--updates-disabled', 'their applications forbid updates, unless the cloud forces them'),
  'vitals-every': textOption('--vitals-every <seconds>', 'they send their vitals so often'),
};

export const virtualStart = defineCommand({
  name: 'virtual start',
  summary: 'Run virtual devices against the cloud, until Ctrl-C or in the background',
  details:
    'With a log-in the devices are registered and claimed for your account; without one the cloud has to know them already. The same name, or the same `--state`, is the same devices the next time. What they can do is in [Virtual devices](../virtual-devices.md).',
  options: {
    name: textOption('--name <name>', 'what they are listed and stopped by (default)'),
    detach: flag('--detach', 'run them in the background; returns when all are online'),
    wait: numberOption('--wait <seconds>', 'with --detach: for so long (30)', { least: 1, most: 3600 }),
    ...deviceOptions,
  },
  examples: [
    { line: 'virtual start --behaviour tinker', says: 'one device, until Ctrl-C' },
    {
      line: 'virtual start --detach --name fleet --count 4 --device-profile device-os-2.3,device-os-6.2',
      says: 'four devices of two generations, in the background',
    },
  ],
  json: '`{ name, pid, cloud, state, log, devices: [{ id, name }] }` with `--detach`; without it a line `{ name, pid, devices }` when all are online',
  stream: true,
  async run({ name = 'default', detach, wait = 30, ...values }, context) {
    const { out } = context;
    const told = (devices: readonly { readonly id: string; readonly name: string }[]): string[] =>
      devices.map((device) => `${device.name} (${device.id}) is online`);
    if (detach) {
      const [{ detachVirtual }, { argsOf }] = await Promise.all([
        import('../../services/virtual/detach-virtual.ts'),
        import('./start-args.ts'),
      ]);
      const args = ['virtual', 'start', '--name', name, ...argsOf(deviceOptions, values)];
      const program = [process.execPath, process.argv[1] ?? ''] as const;
      const run = await detachVirtual({ name, values, args, program, waitSeconds: wait }, context);
      out.result(run, told(run.devices));
      return;
    }
    const { startVirtual } = await import('../../services/virtual/start-virtual.ts');
    await startVirtual(name, values, context, (devices) => {
      out.item({ name, pid: process.pid, devices }, told(devices));
      // To who started it in the background.
      process.send?.({ connected: devices }, undefined, undefined, () => {});
    });
  },
});
