import { expect, it } from 'vitest';
import { approvalText } from './quarantine-words.ts';

const reply = {
  updated: 1,
  updatedDeviceIds: ['a'],
  existingDeviceIds: [],
  nonmemberDeviceIds: [],
  invalidDeviceIds: [],
  protectedDeviceIds: [],
};

it('says who has joined, and why others have not', () => {
  expect(approvalText(reply)).toEqual({ text: '1 approved', ok: true });
  const mixed = approvalText({ ...reply, nonmemberDeviceIds: ['b'], invalidDeviceIds: ['c', 'd'] });
  expect(mixed.ok).toBe(false);
  expect(mixed.text).toContain('1 approved, 1 belong to people outside of the team, 2 are of other hardware');
});
