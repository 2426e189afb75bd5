/** What was done, by the first word of an operation's name. */
const PAST: Readonly<Record<string, string>> = {
  accept: 'Accepted',
  acknowledge: 'Acknowledged',
  activate: 'Activated',
  add: 'Added',
  answer: 'Answered',
  approve: 'Approved',
  archive: 'Archived',
  cancel: 'Cancelled',
  change: 'Changed',
  claim: 'Claimed',
  control: 'Controlled',
  copy: 'Copied',
  create: 'Made',
  deactivate: 'Deactivated',
  decline: 'Declined',
  delete: 'Deleted',
  disable: 'Switched off',
  discard: 'Discarded',
  edit: 'Changed',
  enable: 'Switched on',
  end: 'Ended',
  flash: 'Flashed',
  forget: 'Forgot',
  import: 'Imported',
  invite: 'Invited',
  leave: 'Left',
  lock: 'Locked',
  make: 'Made',
  move: 'Moved',
  refresh: 'Refreshed',
  register: 'Registered',
  reject: 'Rejected',
  release: 'Released',
  remove: 'Removed',
  rename: 'Renamed',
  renew: 'Renewed',
  replay: 'Replayed',
  request: 'Asked for',
  reset: 'Reset',
  retire: 'Retired',
  revoke: 'Revoked',
  rotate: 'Rotated',
  seek: 'Moved',
  send: 'Sent',
  set: 'Set',
  start: 'Started',
  stop: 'Stopped',
  submit: 'Sent',
  test: 'Tested',
  transfer: 'Gave away',
  unclaim: 'Unclaimed',
  unlock: 'Unlocked',
  update: 'Changed',
  upload: 'Uploaded',
  verify: 'Confirmed',
};

/** Where the operation's own name would say too little. */
const WHOLE: Readonly<Record<string, string>> = {
  createToken: 'Logged in',
  'createToken.refused': 'Wrong log-in',
  createConsoleSession: 'Logged in to the console',
  'createConsoleSession.refused': 'Wrong log-in to the console',
  deleteConsoleSession: 'Logged out of the console',
  createUser: 'Signed up',
  changeProductTeamRole: 'Changed the role of a team member',
  changeOrganizationTeamRole: 'Changed the role of a team member',
  inviteToProductTeam: 'Invited to the team, or made an API user',
  inviteToOrganizationTeam: 'Invited to the team, or made an API user',
  removeFromProductTeam: 'Removed from the team',
  removeFromOrganizationTeam: 'Removed from the team',
  transferProduct: 'Gave the product to an organization',
  transferProductToUser: 'Gave the product to an account',
  controlRollout: 'Paused, resumed, aborted or rolled back a rollout',
  importDevices: 'Imported devices',
  releaseProductFirmware: 'Released firmware',
  deleteAllTokens: 'Ended all sessions and tokens',
};

const REFUSED = '.refused';

/**
 * @param operation the name of an operation as the audit log has it, such as `updateProductDevice`
 * @returns what was done in words, such as "Changed product device"
 */
export function actionWords(operation: string): string {
  const whole = WHOLE[operation];
  if (whole !== undefined) return whole;
  if (operation.endsWith(REFUSED)) return `${actionWords(operation.slice(0, -REFUSED.length))} (refused)`;
  const [verb = '', ...rest] = operation
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(' ');
  const object = rest.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ');
  return `${PAST[verb] ?? `${verb.charAt(0).toUpperCase()}${verb.slice(1)}:`} ${object.replace(/^api\b/, 'API')}`.trim();
}

/** Whether the entry tells of something that was refused; all others tell of what was done. */
export function wasRefused(operation: string): boolean {
  return operation.endsWith(REFUSED);
}
