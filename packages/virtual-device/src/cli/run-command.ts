import { type Logger, silentLogger, systemClock, systemEntropy } from '@cloudchamber/kernel';
import { Fleet } from '../fleet.ts';
import type { KeptDevice } from '../io/load-or-create-device.ts';
import { lockFolder } from '../io/lock-folder.ts';
import { openUdpSocket } from '../io/udp-socket.ts';
import { findServer } from './find-server.ts';
import { adoptDevices, loadDevices, registerDevices } from './load-devices.ts';
import type { CommandOptions } from './options.ts';
import { Progress } from './progress.ts';

/** What is told of a fleet on its way. */
export interface FleetEvents {
  /** The state folder is this fleet's alone; nothing was sent yet. */
  locked?(): Promise<void>;
  /** Every device has connected, for the first time. */
  connected?(devices: readonly Pick<KeptDevice, 'deviceId' | 'name'>[]): void;
}

/**
 * Runs a fleet until `stop` resolves; then its devices say Goodbye.
 * @param write takes lines for a person
 * @throws ChamberError with the next step when it can't begin
 */
export async function runCommand(
  options: CommandOptions,
  write: (line: string) => void,
  stop: Promise<void>,
  events: FleetEvents = {},
): Promise<void> {
  const log: Logger = { ...silentLogger, error: (fields, message) => write(`${message} ${JSON.stringify(fields)}`) };
  const { server, serverSpki } = await findServer(options);
  const unlock = await lockFolder(options.state);
  try {
    await events.locked?.();
    const devices = await loadDevices(options, systemEntropy, log);
    if (options.api !== undefined && options.token !== undefined) {
      const introduce = options.claimCode === undefined ? adoptDevices : registerDevices;
      await introduce(devices, options.api, options.token);
    }
    const names = new Map(devices.map(({ deviceId, name }) => [deviceId, name]));
    const progress = new Progress(write, server, names, options.verbose);
    const { behaviours, profiles, updateFault, updatesEnabled, vitalsIntervalMs } = options;
    const fleet = new Fleet({
      members: devices.map((device, at) => ({
        ...device,
        behaviour: behaviours[at % behaviours.length],
        // Every behaviour on every generation, when there are enough devices.
        profile: profiles[Math.floor(at / behaviours.length) % profiles.length],
      })),
      server,
      serverSpki,
      clock: systemClock,
      entropy: systemEntropy,
      openSocket: () => openUdpSocket(server.address),
      startsPerSecond: options.rate,
      updateFault,
      updatesEnabled,
      vitalsIntervalMs,
      onState: (device, change) => progress.changed(device, change),
      log,
    });
    if (options.claimCode !== undefined) fleet.devices[0]?.setClaimCode(options.claimCode);
    write(`${devices.length} devices in ${options.state}, towards ${server.address}:${server.port}`);
    fleet.start().then(
      () => events.connected?.(devices),
      () => {},
    );
    progress.watch(fleet, systemClock);
    await stop;
    write('saying Goodbye ...');
    await fleet.stop();
  } finally {
    await unlock();
  }
}
