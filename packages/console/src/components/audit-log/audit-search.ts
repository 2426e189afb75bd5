export interface AuditSearch {
  /** Id or name of who did it. */
  readonly actor?: string;
  /** The operation's name. */
  readonly action?: string;
  /** ISO 8601: entries of this time or later. */
  readonly from?: string;
  /** ISO 8601: entries from before this time. */
  readonly to?: string;
}

/** What the address of a page with an audit log says. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const { actor, action, from, to } = search;
  return {
    ...(isText(actor) && { actor }),
    ...(isText(action) && { action }),
    ...(isTime(from) && { from }),
    ...(isTime(to) && { to }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 254;
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
