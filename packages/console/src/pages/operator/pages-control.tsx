import { Group, Pagination } from '@mantine/core';

export interface Paging {
  /** From 1. */
  readonly page: number;
  onPage(page: number): void;
}

/** Leads from page to page of a list; nothing when there is only one. */
export function PagesControl({ page, onPage, total }: Paging & { readonly total: number }) {
  if (total <= 1 && page === 1) return null;
  return (
    <Group justify="center">
      <Pagination
        total={Math.max(total, page)}
        value={page}
        onChange={onPage}
        siblings={0}
        size="sm"
        getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
      />
    </Group>
  );
}
