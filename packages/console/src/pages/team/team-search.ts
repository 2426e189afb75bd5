export interface TeamSearch {
  /** The dialog that is open. */
  readonly dialog?: 'invite' | 'api-user';
}

/** @returns what the address of a team's page says */
export function teamSearch(search: Record<string, unknown>): TeamSearch {
  const { dialog } = search;
  return dialog === 'invite' || dialog === 'api-user' ? { dialog } : {};
}
