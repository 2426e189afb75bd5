/** What the address of the groups says. */
export interface GroupsSearch {
  /** Part of the name or the description. */
  readonly q?: string;
}

/** @param search of the address; what makes no sense is left out */
export function groupsSearch({ q }: Record<string, unknown>): GroupsSearch {
  const text = typeof q === 'string' || typeof q === 'number' ? String(q) : '';
  return text === '' ? {} : { q: text };
}

/** @returns those that have the text in name or description, in any case */
export function matchingGroups<G extends { readonly name: string; readonly description: string }>(
  groups: readonly G[],
  q: string | undefined,
): readonly G[] {
  const part = q?.trim().toLowerCase() ?? '';
  return part === '' ? groups : groups.filter((one) => `${one.name}\n${one.description}`.toLowerCase().includes(part));
}
