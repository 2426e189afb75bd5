import { type Clock, seconds } from '@cloudchamber/kernel';
import { CloudDisconnectReason, encodeGoodbye, HelloFlag } from '@cloudchamber/wire';
import type { Connection } from './connection.ts';
import type { DeviceProfile } from './profiles/index.ts';
import type { DisconnectOptions } from './virtual-device-options.ts';

const TIMEOUT_MS = seconds(5);

/** POST /x, then the wait for its ACK and all others that are missing, as long as the options allow (protocol sections 4 and 5.8). Before 2.0 devices just stop. */
export async function sayGoodbye(
  connection: Connection,
  profile: DeviceProfile,
  clock: Clock,
  options: DisconnectOptions,
): Promise<void> {
  if ((profile.helloFlags & HelloFlag.GOODBYE) === 0) return;
  const { cloudReason = CloudDisconnectReason.USER, timeoutMs = TIMEOUT_MS } = options;
  // Whether it is acknowledged makes no difference to a device that leaves.
  connection.deliver((id, confirmable) => encodeGoodbye({ id, confirmable, cloudReason })).catch(() => {});
  const timer = clock.after(timeoutMs, () => connection.end('left'));
  await connection.drained();
  timer.cancel();
}
