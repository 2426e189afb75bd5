import { Button, Group, Stack, Text } from '@mantine/core';
import { IconClipboardList, IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Rows } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeletons } from '../../ui/loaded.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { type AuditEntry, type AuditPlace, auditPages } from './audit-read.ts';
import type { AuditSearch } from './audit-search.ts';
import { entryColumns } from './entry-columns.tsx';
import { EntryDetail } from './entry-detail.tsx';

export interface AuditLogProps {
  readonly place: AuditPlace;
  /** What the address says: `auditSearch` reads it. */
  readonly search: AuditSearch;
  onSearch(next: AuditSearch): void;
}

/** Who changed what, newest first, with filters and older pages. */
export function AuditLog({ place, search, onSearch }: AuditLogProps) {
  const log = useInfiniteQuery(auditPages(place, search));
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const hasProducts = place === 'operator' || place.kind !== 'product';
  const columns = entryColumns(hasProducts, setOpen);
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Stack gap="md">
      <AuditFilters search={search} onSearch={onSearch} />
      {log.isError && <ErrorState error={log.error} onRetry={() => log.refetch()} />}
      {log.isPending && <Skeletons lines={8} />}
      {log.isSuccess && entries.length === 0 && <NoEntries isFiltered={isFiltered} />}
      {entries.length > 0 && (
        <>
          <Group justify="space-between">
            <Text size="sm" c="dimmed" aria-live="polite">
              {entries.length} {log.hasNextPage ? 'newest' : ''} {entries.length === 1 ? 'entry' : 'entries'}
            </Text>
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => downloadCsv('audit-log', columns, entries)}
            >
              CSV
            </Button>
          </Group>
          <Rows label="Audit log" rows={entries} keyOf={({ id }) => String(id)} columns={columns} />
        </>
      )}
      {log.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => log.fetchNextPage()}>
            Show older entries
          </Button>
        </Group>
      )}
      <EntryDetail entry={open} onClose={() => setOpen(null)} />
    </Stack>
  );
}

function NoEntries({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <EmptyState
      icon={<IconClipboardList size={40} stroke={1.5} aria-hidden />}
      title={isFiltered ? 'No entry passes the filters' : 'Nothing has been changed yet'}
    >
      Every change leaves an entry here: who made it, from where, to what. Reading, calling functions and publishing
      events do not. Entries are kept for 400 days.
    </EmptyState>
  );
}
