import { describe, expect, it } from 'vitest';
import { productsSearch } from '../products-search.ts';
import { matchProducts } from './match-products.ts';

const PRODUCTS = [
  { id: 1042, name: 'Orchard', slug: 'orchard-v1', description: 'Soil moisture' },
  { id: 1043, name: 'greenhouse', slug: 'greenhouse-v1', description: 'Valves of the orchard' },
  { id: 2042, name: 'Barn', slug: 'barn-v1', description: '' },
];

describe('matchProducts', () => {
  const names = (text: string) => matchProducts(PRODUCTS, text).map(({ name }) => name);

  it('takes every word from name, id, slug or description', () => {
    expect(names('')).toEqual(['Barn', 'greenhouse', 'Orchard']);
    expect(names(' ORCHARD ')).toEqual(['greenhouse', 'Orchard']);
    expect(names('orchard valves')).toEqual(['greenhouse']);
    expect(names('042')).toEqual(['Barn', 'Orchard']);
    expect(names('nothing')).toEqual([]);
  });
});

describe('productsSearch', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(productsSearch({ q: 'green', new: true, other: 1 })).toEqual({ q: 'green', new: true });
    expect(productsSearch({ q: 1042 })).toEqual({ q: '1042' });
    expect(productsSearch({ q: '', new: 'yes' })).toEqual({});
  });
});
