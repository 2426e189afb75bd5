import { useMemo, useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  has(id: string): boolean;
  hasAll(rows: readonly { readonly id: string }[]): boolean;
  hasSome(rows: readonly { readonly id: string }[]): boolean;
  setAll(rows: readonly { readonly id: string }[], selected: boolean): void;
  clear(): void;
}

/** Which devices are selected, over all pages. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return useMemo(
    () => ({
      ids,
      has: (id) => ids.has(id),
      hasAll: (rows) => rows.length > 0 && rows.every(({ id }) => ids.has(id)),
      hasSome: (rows) => rows.some(({ id }) => ids.has(id)),
      setAll(rows, selected) {
        setIds((before) => {
          const next = new Set(before);
          for (const { id } of rows) {
            if (selected) next.add(id);
            else next.delete(id);
          }
          return next;
        });
      },
      clear: () => setIds(new Set()),
    }),
    [ids],
  );
}
