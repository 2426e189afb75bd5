import { Group, NativeSelect, Pagination, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { PAGE_SIZES } from '../product-devices-search.ts';

export interface PagerProps {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
  onPage(page: number): void;
  onSize(size: number): void;
}

const NAMES = { first: 'First page', previous: 'Page before', next: 'Next page', last: 'Last page' } as const;

/** Which part of a list is shown, and the way to the others. */
export function Pager({ page, perPage, total, onPage, onSize }: PagerProps) {
  const isSmall = useMediaQuery('(max-width: 36em)');
  const pages = Math.ceil(total / perPage);
  return (
    <Group justify="space-between" gap="sm" component="nav" aria-label="Pages of the list">
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {`${format(Math.min(total, (page - 1) * perPage + 1))} to ${format(Math.min(total, page * perPage))} of ${format(total)}`}
        </Text>
        <NativeSelect
          aria-label="Devices on a page"
          size="xs"
          data={PAGE_SIZES.map((size) => ({ value: String(size), label: `${size} a page` }))}
          value={String(perPage)}
          onChange={(event) => onSize(Number(event.currentTarget.value))}
        />
      </Group>
      {pages > 1 && (
        <Pagination
          total={pages}
          value={page}
          onChange={onPage}
          size="sm"
          siblings={isSmall ? 0 : 1}
          getControlProps={(control) => ({ 'aria-label': NAMES[control] })}
        />
      )}
    </Group>
  );
}

function format(count: number): string {
  return count.toLocaleString('en');
}
