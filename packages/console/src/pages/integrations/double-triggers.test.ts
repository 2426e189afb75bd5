import { describe, expect, it } from 'vitest';
import { SANDBOX } from '../../data/place.ts';
import { doubleTriggers, type Trigger, type TriggerPlace } from './double-triggers.ts';

const trigger = (id: string, event: string, more: Partial<Trigger> = {}): Trigger => ({
  id,
  name: id,
  event,
  disabled: false,
  ...more,
});
const sandbox = (...integrations: Trigger[]): TriggerPlace => ({
  place: SANDBOX,
  label: 'your sandbox',
  hears: new Map([
    ['e00fce68a1b2c3d4e5f60718', 1042],
    // The platform of a device that is in no product.
    ['e00fce68a1b2c3d4e5f60719', 32],
  ]),
  integrations,
});
const product = (number: number, ...integrations: Trigger[]): TriggerPlace => ({
  place: { kind: 'product', product: String(number) },
  label: `product ${number}`,
  hears: new Set([number]),
  integrations,
});
const found = (here: TriggerPlace, ...others: TriggerPlace[]) =>
  [...doubleTriggers(here, others)].map(([id, rivals]) => [id, rivals.map(({ other }) => other.id)]);

describe('doubleTriggers', () => {
  it('finds those of the owner and of the product that one event triggers', () => {
    const there = product(1042, trigger('b', 'temp/kitchen'), trigger('c', 'heat'));
    expect(found(sandbox(trigger('a', 'temp')), there)).toEqual([['a', ['b']]]);
    expect(found(there, sandbox(trigger('a', 'temp')))).toEqual([['b', ['a']]]);
  });

  it('leaves out what is disabled, or of a product in which the owner has no device', () => {
    expect(found(sandbox(trigger('a', 'temp', { disabled: true })), product(1042, trigger('b', 'temp')))).toEqual([]);
    expect(found(sandbox(trigger('a', 'temp')), product(1043, trigger('b', 'temp')))).toEqual([]);
  });

  it('looks at the one device, and at the products of an organization', () => {
    const other = sandbox(trigger('a', 'temp', { deviceID: 'E00FCE68A1B2C3D4E5F60719' }));
    expect(found(other, product(1042, trigger('b', 'temp')))).toEqual([]);
    const organization = (products: unknown): TriggerPlace => ({
      ...product(0, trigger('o', 'temp', { products })),
      hears: new Set([1042, 1043]),
    });
    expect(found(organization(undefined), product(1043, trigger('b', 'temp')))).toEqual([['o', ['b']]]);
    expect(found(organization([1042, '1044']), product(1043, trigger('b', 'temp')))).toEqual([]);
    expect(found(organization(['1042']), sandbox(trigger('a', 'temp')))).toEqual([['o', ['a']]]);
  });
});
