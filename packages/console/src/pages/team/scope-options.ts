/** @returns the scopes in groups by what they are about: `devices:list` and `devices.function:call` under "devices" */
export function scopeOptions(scopes: readonly string[]): { readonly group: string; readonly items: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const scope of [...scopes].sort()) {
    const [group = ''] = scope.split(/[.:]/, 1);
    groups.set(group, [...(groups.get(group) ?? []), scope]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}
