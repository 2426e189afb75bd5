import { describe, expect, it } from 'vitest';
import type { Product } from './find-product.ts';
import { platformId } from './platform-id.ts';
import { productDetails, productLines } from './product-text.ts';

const product: Product = {
  id: 1042,
  platform_id: 13,
  name: 'Green\u001b[31mhouse',
  slug: 'greenhouse-v1',
  description: '',
  subscription_id: null,
  user: null,
  org: 'acme',
  organization_id: '5f1e2d3c4b5a69788796a5b4',
  groups: ['beta', 'north'],
  settings: {
    location: { opt_in: false },
    known_application: { opt_in: false },
    quarantine: true,
    unknown_devices: 'quarantine',
  },
  device_protection: 'disabled',
};

describe('productLines', () => {
  it('is a table without what terminals would take for commands', () => {
    expect(productLines([product])).toEqual([
      'Id    Slug           Name        Platform  Organization',
      '1042  greenhouse-v1  Greenhouse  Boron     acme',
    ]);
    expect(productLines([])).toEqual(['No products']);
  });
});

describe('productDetails', () => {
  it('leaves out what there is not', () => {
    expect(productDetails(product, { role: 'View-only', devices: 3 })).toEqual([
      'Greenhouse',
      '  Id:              1042',
      '  Slug:            greenhouse-v1',
      '  Platform:        Boron',
      '  Organization:    acme',
      '  Your role:       View-only',
      '  Devices:         3',
      '  Groups:          beta, north',
      '  Unknown devices: are quarantined until somebody approves them',
      '  Locations:       are not kept',
    ]);
  });
});

describe('platformId', () => {
  it('takes ids, short names and device types', () => {
    expect(['13', 'boron', 'Photon 2', 'photon2', 'P2', 'E Series', 'b5som'].map(platformId)).toEqual([
      13, 13, 32, 32, 32, 10, 25,
    ]);
    expect(() => platformId('toaster')).toThrow('There is no platform "toaster"');
  });
});
