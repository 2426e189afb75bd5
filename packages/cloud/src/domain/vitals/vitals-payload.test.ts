import { describe, expect, it } from 'vitest';
import { vitalsMetadata } from './vitals-metadata.ts';
import { vitalsOfEvent } from './vitals-of-event.ts';
import { vitalsPayload } from './vitals-payload.ts';
import { VITALS_PATHS, valueAt } from './vitals-places.ts';

const fixed = (value: number) => Math.round(value * 256);

/** Every path of a tree with what stands there. */
function leavesOf(tree: object, path = ''): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
    const here = path === '' ? key : `${path}.${key}`;
    return typeof value === 'object' && value !== null ? leavesOf(value, here) : [[here, value]];
  });
}

describe('the vitals document', () => {
  it('has what a cellular device measures, with units, types and words', () => {
    const metrics = [
      { id: 36, value: 8 },
      { id: 33, value: fixed(61.2) },
      { id: 37, value: fixed(-97) },
      { id: 34, value: fixed(54.1) },
      { id: 35, value: fixed(-11) },
      { id: 40, value: 310 },
      { id: 41, value: -4 },
      { id: 42, value: 33111 },
      { id: 43, value: 140001 },
      { id: 8, value: 4 },
      { id: 28, value: 5 },
      { id: 10, value: 2 },
      { id: 30, value: 3 },
      { id: 31, value: 812 },
      { id: 24, value: 2 },
      { id: 7, value: 6 },
      { id: 6, value: -1 },
    ];
    expect(vitalsPayload(metrics)).toEqual({
      device: {
        network: {
          cellular: {
            radio_access_technology: 'LTE',
            cell_global_identity: {
              mobile_country_code: 310,
              mobile_network_code: '04',
              location_area_code: 33111,
              cell_id: 140001,
            },
          },
          signal: {
            at: 'LTE Cat-M1',
            strength: 61.2,
            strength_units: '%',
            strengthv: -97,
            strengthv_units: 'dBm',
            strengthv_type: 'RSRP',
            quality: 54.1,
            quality_units: '%',
            qualityv: -11,
            qualityv_units: 'dB',
            qualityv_type: 'RSRQ',
          },
          connection: { status: 'connected', disconnect_reason: 'sleep' },
        },
        cloud: {
          connection: { status: 'connected', disconnect_reason: 'network_disconnect' },
          coap: { round_trip: 812 },
        },
        power: { battery: { state: 'disconnected' }, source: 'USB host' },
        system: { uptime: 4_294_967_295 },
      },
    });
  });

  it('says of what could not be read only why', () => {
    const metrics = [
      { id: 36, error: -210 },
      { id: 33, error: -211 },
      { id: 3, error: -1 },
      { id: 41, value: 7 },
      { id: 24, value: 99 },
      { id: 4711, value: 1 },
    ];
    expect(vitalsPayload(metrics)).toEqual({
      device: {
        network: {
          signal: { at: { err: -210 }, strength: { err: -211 } },
          cellular: { cell_global_identity: { mobile_network_code: '007' } },
        },
        power: { battery: { charge: { err: -1 } }, source: 'unknown' },
      },
    });
  });

  it('has a column in a table for everything that can be in it', () => {
    const every = [
      { id: 36, value: 6 },
      ...Array.from({ length: 61 }, (_, id) => ({ id, value: 1 })).filter(({ id }) => id !== 36),
    ];
    const paths = leavesOf(vitalsPayload(every)).map(([path]) => path);
    expect(paths.length).toBeGreaterThan(30);
    expect(VITALS_PATHS).toEqual(expect.arrayContaining(paths));
  });
});

describe('vitals that a device publishes itself', () => {
  const of = (text: string) => vitalsOfEvent(Buffer.from(text));

  it('are an object with a device', () => {
    expect(of('{"device":{"system":{"uptime":5}},"x":1}')).toEqual({ device: { system: { uptime: 5 } }, x: 1 });
  });

  it.each([
    ['no JSON', '{"device":'],
    ['no object', '[{"device":{}}]'],
    ['no device', '{"service":{}}'],
    ['a device that is a text', '{"device":"a"}'],
    ['nothing', ''],
    ['more than 8 KB', `{"device":{"x":"${'a'.repeat(8192)}"}}`],
    ['too deep', `{"device":${'['.repeat(3000)}${']'.repeat(3000)}}`],
  ])('are not %s', (_what, text) => {
    expect(of(text)).toBeUndefined();
  });

  it('are not bytes that are no text', () => {
    expect(vitalsOfEvent(Buffer.from('{"device":{"a":"\xff"}}', 'latin1'))).toBeUndefined();
  });

  it('have no values that they do not have themselves', () => {
    const payload = of('{"device":{"system":{"__proto__":{"uptime":9}}}}') ?? {};
    expect(valueAt(payload, 'device.system.uptime')).toBeUndefined();
  });
});

describe('the metadata of vitals', () => {
  it('describe places of the document, each once and in an order', () => {
    const leaves = leavesOf(vitalsMetadata());
    const described = leaves.filter(([path]) => path.endsWith('.describes')).map(([, value]) => value);
    const priorities = leaves.filter(([path]) => path.endsWith('.priority')).map(([, value]) => value);
    expect(VITALS_PATHS).toEqual(expect.arrayContaining(described));
    expect(new Set(described).size).toBe(described.length);
    expect(new Set(priorities)).toEqual(new Set(Array.from(described, (_, index) => index + 1)));
    for (const [path, value] of leaves.filter(([at]) => at.endsWith('.describes'))) {
      expect(path).toBe(`${String(value)}.describes`);
    }
  });
});
