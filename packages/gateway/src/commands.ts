import type { DeviceId } from '@cloudchamber/kernel';
import {
  CoapCode,
  type CoapMessage,
  type DeviceVariableType,
  decodeFunctionResult,
  decodeVariableValue,
  encodeDiscardSession,
  encodeEvent,
  encodeFunctionCall,
  encodeSignal,
  encodeVariableRequest,
  formatCode,
  WireError,
} from '@cloudchamber/wire';
import { fetchDescribe } from './describe-fetch.ts';
import type { DeviceSession, SessionEnvironment } from './device-session.ts';
import { GatewayError } from './gateway-error.ts';
import { eventFormat, messageRoom } from './generation.ts';
import type { FirmwareUpdates } from './ota/firmware-updates.ts';
import type { RequestBuilder } from './outgoing.ts';
import type {
  DeliveredEvent,
  DeviceCommands,
  FirmwareUpdate,
  HelloFacts,
  OtaProgress,
  VariableValue,
} from './ports.ts';
import type { SessionTable } from './session-table.ts';

/** Commands from the cloud to the devices that this gateway holds (protocol section 6). */
export class SessionCommands implements DeviceCommands {
  readonly #sessions: SessionTable;
  readonly #environment: SessionEnvironment;
  readonly #updates: FirmwareUpdates;

  constructor(sessions: SessionTable, environment: SessionEnvironment, updates: FirmwareUpdates) {
    this.#sessions = sessions;
    this.#environment = environment;
    this.#updates = updates;
  }

  isOnline(deviceId: DeviceId): boolean {
    return this.#sessions.byDevice(deviceId)?.online ?? false;
  }

  async callFunction(deviceId: DeviceId, name: string, argument: string): Promise<number> {
    const answer = await this.#request(deviceId, (id, token) => encodeFunctionCall({ id, token, name, argument }));
    if (answer.code !== CoapCode.CHANGED) throw refused(answer);
    return decoded(() => decodeFunctionResult(answer.payload));
  }

  async readVariable(deviceId: DeviceId, name: string, type: DeviceVariableType): Promise<VariableValue> {
    const answer = await this.#request(deviceId, (id, token) => encodeVariableRequest({ id, token, name }));
    if (answer.code !== CoapCode.CONTENT) throw refused(answer);
    return decoded(() => decodeVariableValue(type, answer.payload));
  }

  async ping(deviceId: DeviceId): Promise<number> {
    const session = this.#online(deviceId);
    const started = this.#now();
    await session.outgoing.ping(started, this.#environment.settings.commandTimeoutMs);
    return this.#now() - started;
  }

  async signal(deviceId: DeviceId, on: boolean): Promise<void> {
    const answer = await this.#request(deviceId, (id, token) => encodeSignal({ id, token, on }));
    if (answer.code >= CoapCode.BAD_REQUEST) throw refused(answer);
  }

  deliver(deviceId: DeviceId, event: DeliveredEvent): Promise<boolean> {
    const session = this.#sessions.byDevice(deviceId);
    if (!session?.online) return Promise.resolve(false);
    return session.events.push(async () => {
      if (!session.online) return false;
      const contentFormat = eventFormat(session.hello, event.contentFormat);
      if (contentFormat === undefined) return false;
      const send = session.outgoing.notify(
        withRoom(session, (id) => encodeEvent({ id, confirmable: !session.link.reliable, ...event, contentFormat })),
        this.#now(),
        // An event is worth all of its retransmissions: they end by themselves (protocol section 3.2).
        Number.POSITIVE_INFINITY,
      );
      const answer = await send;
      this.#environment.counters.add('events_delivered');
      return answer === undefined || answer.code < CoapCode.BAD_REQUEST;
    });
  }

  async requestDescribe(deviceId: DeviceId, part: 'system' | 'application' | 'metrics'): Promise<void> {
    await fetchDescribe(this.#online(deviceId), part);
  }

  endSession(deviceId: DeviceId): void {
    const session = this.#sessions.byDevice(deviceId);
    if (session === undefined) return;
    session.link.send(encodeDiscardSession({ id: Math.floor(this.#environment.entropy.fraction() * 0x10000) }));
    session.link.close('discard');
    session.end('session_ended');
  }

  helloOf(deviceId: DeviceId): HelloFacts | undefined {
    return this.#sessions.byDevice(deviceId)?.hello;
  }

  updateFirmware(deviceId: DeviceId, update: FirmwareUpdate): Promise<void> {
    return this.#updates.start(deviceId, update);
  }

  resumeUpdate(deviceId: DeviceId, update: FirmwareUpdate): void {
    this.#updates.resume(deviceId, update);
  }

  cancelUpdate(deviceId: DeviceId): void {
    this.#updates.cancel(deviceId);
  }

  updateProgress(deviceId: DeviceId): OtaProgress | undefined {
    return this.#updates.progressOf(deviceId);
  }

  #request(deviceId: DeviceId, build: RequestBuilder): Promise<CoapMessage> {
    const { commandTimeoutMs } = this.#environment.settings;
    const session = this.#online(deviceId);
    return session.outgoing.request(withRoom(session, build), this.#now(), commandTimeoutMs);
  }

  #online(deviceId: DeviceId): DeviceSession {
    const session = this.#sessions.byDevice(deviceId);
    if (!session?.online) throw new GatewayError('device.not_connected', 'the device is not connected');
    return session;
  }

  #now(): number {
    return this.#environment.clock.monotonic();
  }
}

/** The same request, or `device.too_large` for one that the device has no room for: it would be lost without a word. */
function withRoom({ hello }: DeviceSession, build: RequestBuilder): RequestBuilder {
  return (id, token) => {
    const message = build(id, token);
    const room = messageRoom(hello);
    if (message.length <= room) return message;
    throw new GatewayError('device.too_large', `${message.length} bytes for a device whose messages have ${room}`);
  };
}

function refused(answer: CoapMessage): GatewayError {
  return new GatewayError('device.rejected', `the device answered ${formatCode(answer.code)}`);
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) throw new GatewayError('device.bad_answer', error.message);
    throw error;
  }
}
