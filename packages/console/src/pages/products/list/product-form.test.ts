import { ApiError } from '@cloudchamber/contract/client';
import { describe, expect, it } from 'vitest';
import { nameProblem, refusedField } from './product-form.ts';

describe('nameProblem', () => {
  it('wants 1 to 100 characters beside blanks', () => {
    expect(nameProblem('  ')).toBe('Give it a name');
    expect(nameProblem(` ${'🌱'.repeat(100)} `)).toBeNull();
    expect(nameProblem('a'.repeat(101))).toBe('At most 100 characters');
  });
});

describe('refusedField', () => {
  const refusal = (message: string, code = 'invalid_request') => new ApiError(message, { status: 400, code });

  it('knows which field the cloud means', () => {
    expect(refusedField(refusal('The name "A" is taken', 'product_name_taken'))).toBe('name');
    expect(refusedField(refusal('name must have 1 to 100 characters'))).toBe('name');
    expect(refusedField(refusal('description must have at most 1000 characters'))).toBe('description');
    expect(refusedField(refusal('There is no platform 999', 'unknown_platform'))).toBeUndefined();
    expect(refusedField(new Error('name '))).toBeUndefined();
  });
});
