import type { DeviceId } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { FakeDeviceCommands } from '../domain/devices/fake-device-commands.ts';
import { LateDeviceCommands } from './late-device-commands.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const EVENT = { name: 'n', data: Buffer.from('x'), contentFormat: 0 };

describe('LateDeviceCommands', () => {
  it('has every device out of reach until it is connected', async () => {
    const late = new LateDeviceCommands();
    expect(late.isOnline(ID)).toBe(false);
    expect(await late.deliver(ID, EVENT)).toBe(false);
    late.endSession(ID);
    const refusals = [
      late.ping(ID),
      late.signal(ID, true),
      late.callFunction(ID, 'f', ''),
      late.requestDescribe(ID, 'system'),
    ];
    for (const refusal of [...refusals, late.readVariable(ID, 'v', 'int')]) {
      await expect(refusal).rejects.toMatchObject({ code: 'device.not_connected' });
    }
  });

  it('passes everything on afterwards', async () => {
    const late = new LateDeviceCommands();
    const commands = new FakeDeviceCommands();
    commands.online.add(ID);
    commands.functions.set('f', Number);
    commands.variables.set('v', 7);
    late.connect(commands);
    expect(late.isOnline(ID)).toBe(true);
    expect(await late.callFunction(ID, 'f', '5')).toBe(5);
    expect(await late.readVariable(ID, 'v', 'int')).toBe(7);
    expect(await late.ping(ID)).toBe(12);
    expect(await late.deliver(ID, EVENT)).toBe(true);
    await late.signal(ID, true);
    await late.requestDescribe(ID, 'application');
    late.endSession(ID);
    expect([commands.signals.length, commands.ended]).toEqual([1, [ID]]);
  });

  it('tells what came of each question', async () => {
    const told: unknown[] = [];
    const late = new LateDeviceCommands((...asked) => told.push(asked));
    const commands = new FakeDeviceCommands();
    commands.functions.set('f', Number);
    late.connect(commands);
    await expect(late.callFunction(ID, 'f', '5')).rejects.toMatchObject({ code: 'device.not_connected' });
    commands.online.add(ID);
    await late.callFunction(ID, 'f', '5');
    await expect(late.readVariable(ID, 'v', 'int')).rejects.toMatchObject({ code: 'device.rejected' });
    await late.ping(ID);
    expect(told).toEqual([
      [ID, 'function', 'offline'],
      [ID, 'function', 'success'],
      [ID, 'variable', 'failure'],
    ]);
  });
});
