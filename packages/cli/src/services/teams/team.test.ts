import { describe, expect, it } from 'vitest';
import { teamLines } from './team.ts';

describe('teamLines', () => {
  it('tells owners, members, invitations and programs apart', () => {
    const role = { id: '52e4c5a30000000000000002', name: 'Developer' };
    expect(
      teamLines([
        { _id: '1', username: 'ann@example.net', no_mfa: false, role, is_owner: true },
        { _id: '2', username: 'bob@example.net', no_mfa: true, role },
        { username: 'cy@example.net', role, pending: true },
        { username: 'x@api', friendly_name: 'dash\u0007board', scopes: [], is_programmatic: true },
      ]),
    ).toEqual([
      'Username         Role                 State',
      'ann@example.net  Owner                member',
      'bob@example.net  Developer            member, no second factor',
      'cy@example.net   Developer            invited',
      'x@api            API user dash\ufffdboard  member',
    ]);
  });
});
