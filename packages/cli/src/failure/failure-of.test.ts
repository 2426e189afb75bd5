import { ApiError } from '@cloudchamber/contract/client';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failure-of.ts';

describe('failureOf', () => {
  it('words the refusal of a role, and leaves other refusals as they are', () => {
    const refused = (message: string) => failureOf(new ApiError(message, { status: 403 }));
    expect(refused('Permission denied: View-only does not include devices:import')).toMatchObject({
      kind: 'forbidden',
      message: 'The role that you have there, View-only, does not allow this: it lacks the permission devices:import',
      next: 'Ask an administrator of the product or organization for another role.',
    });
    const plain = refused('Only operators make organizations on this server');
    expect(plain).toMatchObject({
      kind: 'forbidden',
      message: 'Only operators make organizations on this server',
    });
    expect(plain.next).toBeUndefined();
  });
});
