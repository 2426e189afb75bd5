import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { reading } from '../../data/query.ts';
import { useUser } from '../../data/session.ts';
import { usePlace } from '../../data/use-place.ts';
import { Rows } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeletons } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { attemptColumns, CSV_COLUMNS } from './attempt-columns.tsx';
import { AttemptDetail } from './attempt-detail.tsx';
import { attemptPages, type DoctorView } from './attempt-read.ts';
import { DoctorFilters } from './doctor-filters.tsx';
import { type DoctorSearch, doctorSearch } from './doctor-search.ts';
import { DoctorSummary } from './doctor-summary.tsx';
import { NoAttempts } from './no-attempts.tsx';

/** How devices tried to connect, why they did not come in, and what to do about it: in the sandbox and in a product. */
export function DoctorPage() {
  const place = usePlace();
  const { operator } = useUser();
  const search = doctorSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const view: DoctorView =
    place.kind === 'product'
      ? { of: 'product', product: place.product }
      : { of: operator && search.of !== 'mine' ? 'everybody' : 'mine' };
  const onSearch = (next: DoctorSearch) =>
    void navigate({ to: '.', search: () => next, replace: true, resetScroll: false });
  return (
    <Page title="Connection doctor" about={ABOUT[view.of]}>
      {view.of === 'everybody' && <DoctorSummary live={search.live === true} />}
      <DoctorFilters search={search} onSearch={onSearch} hasAll={operator && place.kind !== 'product'} />
      <AttemptList view={view} search={search} onSearch={onSearch} />
    </Page>
  );
}

const ABOUT: Readonly<Record<DoctorView['of'], string>> = {
  everybody: 'Every attempt to connect to this cloud: how far it came, why it ended, and what to do about it.',
  mine: 'How your devices tried to connect: how far each attempt came, why it ended, and what to do about it.',
  product:
    'How the devices of this product tried to connect: how far each attempt came, why it ended, and what to do about it.',
};

interface AttemptListProps {
  readonly view: DoctorView;
  readonly search: DoctorSearch;
  onSearch(next: DoctorSearch): void;
}

function AttemptList({ view, search, onSearch }: AttemptListProps) {
  const list = useInfiniteQuery(attemptPages(view, search));
  const own = useQuery({ ...reading('listDevices'), staleTime: 60_000, enabled: view.of !== 'product' });
  const ownIds = useMemo(() => new Set(own.data?.map(({ id }) => id)), [own.data]);
  const attempts = list.data?.pages.flatMap((page) => page.connections) ?? [];
  const columns = attemptColumns({ view, ownIds, onOpen: ({ id }) => onSearch({ ...search, attempt: id }) });
  const { device, address, outcome, attempt: openId, ...others } = search;
  const isFiltered = (device ?? address ?? outcome) !== undefined;
  return (
    <>
      {list.isError && <ErrorState error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Skeletons lines={8} />}
      {list.isSuccess && attempts.length === 0 && (
        <NoAttempts isFiltered={isFiltered} hasStrangers={view.of === 'everybody'} />
      )}
      {attempts.length > 0 && (
        <>
          <Group justify="space-between" gap="xs">
            <Text size="sm" c="dimmed" aria-live="polite">
              {attempts.length} {list.hasNextPage ? 'newest ' : ''}
              {attempts.length === 1 ? 'attempt' : 'attempts'}
            </Text>
            <Group gap="xs">
              <Button
                variant="default"
                size="compact-md"
                leftSection={<IconRefresh size={16} aria-hidden />}
                onClick={() => list.refetch()}
              >
                Refresh
              </Button>
              <Button
                variant="default"
                size="compact-md"
                leftSection={<IconDownload size={16} aria-hidden />}
                onClick={() => downloadCsv('connections', [...columns, ...CSV_COLUMNS], attempts)}
              >
                CSV
              </Button>
            </Group>
          </Group>
          <Rows label="Attempts to connect" rows={attempts} keyOf={({ id }) => String(id)} columns={columns} />
        </>
      )}
      {list.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show older attempts
          </Button>
        </Group>
      )}
      <AttemptDetail
        view={view}
        attempt={attempts.find(({ id }) => id === openId)}
        onClose={() =>
          onSearch({ ...others, ...(device && { device }), ...(address && { address }), ...(outcome && { outcome }) })
        }
      />
    </>
  );
}
