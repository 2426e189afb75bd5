import type { Clock, DeviceId, Entropy, Logger } from '@cloudchamber/kernel';
import type { PrivateKeyP256, PrivateKeyRsa } from '@cloudchamber/wire';
import type { BehaviourFactory } from './behaviours/behaviour.ts';
import type { DatagramSocket, ServerAddress } from './datagram-socket.ts';
import type { DeviceMemory } from './device-metrics.ts';
import type { DeviceStream } from './device-stream.ts';
import type { FirmwareStore } from './firmware/firmware-store.ts';
import type { UpdateFault } from './firmware/update-fault.ts';
import type { DeviceProfile } from './profiles/index.ts';
import type { SessionStorage } from './session-storage.ts';

interface CommonOptions {
  readonly deviceId: DeviceId;
  /** The cloud's public key as SPKI: 91 bytes for UDP, 294 for TCP. */
  readonly serverSpki: Uint8Array;
  readonly server: ServerAddress;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Where the session is kept; in memory when absent. */
  readonly storage?: SessionStorage;
  /** The modules that came over the air, which survive restarts; in memory when absent. */
  readonly firmware?: FirmwareStore;
  /** Device OS 6.2 over UDP when absent. */
  readonly profile?: DeviceProfile;
  /** The firmware; when absent it has no functions, variables or subscriptions. */
  readonly behaviour?: BehaviourFactory;
  /** Product id and firmware version as in Hello; the platform's own and "not set" when absent. */
  readonly productId?: number;
  readonly productVersion?: number;
  /** How the device fails its updates; it takes them when absent. */
  readonly updateFault?: UpdateFault;
  /** Whether its application lets updates in (protocol section 9); true when absent. The cloud can force them on it. */
  readonly updatesEnabled?: boolean;
  /** How often it sends its metrics by itself, in ms; never when absent. */
  readonly vitalsIntervalMs?: number;
  /** Tells the memory for the metrics; made up for the board when absent. */
  readonly memory?: () => DeviceMemory;
  readonly log?: Logger;
}

/** A device on UDP. */
export interface VirtualDeviceOptions extends CommonOptions {
  /** The device's own key: the cloud knows its public half. */
  readonly identity: PrivateKeyP256;
  /** A fresh socket for each connection: a device that comes back does so from another port. */
  readonly openSocket: () => Promise<DatagramSocket>;
}

/** A device on TCP: its profile says so. */
export interface TcpDeviceOptions extends CommonOptions {
  /** The device's own RSA-1024 key: the cloud knows its public half. */
  readonly identity: PrivateKeyRsa;
  /** A fresh connection to `server` each time. */
  readonly openStream: () => Promise<DeviceStream>;
  readonly profile: DeviceProfile;
}

export interface DisconnectOptions {
  /** `CloudDisconnectReason`; the user's wish when absent. */
  readonly cloudReason?: number;
  /** How long to wait for the ACKs of Goodbye and of what is under way, in ms; 5 s when absent. Device OS waits up to 60 s (protocol section 12). */
  readonly timeoutMs?: number;
}
