export type {
  Behaviour,
  BehaviourDevice,
  BehaviourFactory,
  DeviceFunction,
  DeviceSubscription,
  DeviceVariable,
  ReceivedEvent,
} from './behaviours/behaviour.ts';
export { BEHAVIOURS } from './behaviours/index.ts';
export type { CommandOptions, OptionValues } from './cli/options.ts';
export { optionsFrom } from './cli/options.ts';
export type { FleetEvents } from './cli/run-command.ts';
export { runCommand } from './cli/run-command.ts';
export type { ConnectionEnd } from './connection-end.ts';
export type { DatagramSocket, ServerAddress } from './datagram-socket.ts';
export type { DeviceErrorCode } from './device-error.ts';
export { DeviceError } from './device-error.ts';
export type { DeviceMemory } from './device-metrics.ts';
export type { DeviceState, DeviceStats, StateChange } from './device-state.ts';
export type { DeviceStream } from './device-stream.ts';
export type { FirmwareStorage } from './firmware/firmware-storage.ts';
export { FirmwareStore } from './firmware/firmware-store.ts';
export type { UpdateFault } from './firmware/update-fault.ts';
export type { FleetMember, FleetOptions } from './fleet.ts';
export { Fleet } from './fleet.ts';
export type { NewDevice, ServerKey } from './io/cloud-api.ts';
export { CloudApi } from './io/cloud-api.ts';
export type { KeptDevice } from './io/load-or-create-device.ts';
export { loadOrCreateDevice } from './io/load-or-create-device.ts';
export { openTcpStream } from './io/open-tcp-stream.ts';
export { openUdpSocket } from './io/udp-socket.ts';
export type { ListeningBoard, ListeningEffect, SeenNetwork, WifiCredentials } from './listening/index.ts';
export { LISTENING_BOARDS, ListeningMode, WifiCipher, WifiSecurity } from './listening/index.ts';
export type { DeviceProfile } from './profiles/index.ts';
export { deviceOs62, PROFILES, TCP_PROFILES } from './profiles/index.ts';
export type { PublishOptions } from './publish-options.ts';
export type { SessionStorage } from './session-storage.ts';
export { memoryStorage } from './session-storage.ts';
export { VirtualDevice } from './virtual-device.ts';
export type {
  DisconnectOptions,
  TcpDeviceOptions,
  VirtualDeviceOptions,
} from './virtual-device-options.ts';
