import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { EditDeviceModal } from '../../components/edit-device/edit-device-modal.tsx';
import { useMayEdit } from '../../components/edit-device/may-edit.ts';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { BulkBar } from './bulk/bulk-bar.tsx';
import { CsvMenu } from './list/csv-menu.tsx';
import { EditIcon } from './list/edit-icon.tsx';
import { FilterBar } from './list/filter-bar.tsx';
import { fleetColumns } from './list/fleet-columns.tsx';
import type { FleetDevice } from './list/fleet-device.ts';
import { FleetTable } from './list/fleet-table.tsx';
import { Pager } from './list/pager.tsx';
import { useFleet } from './list/use-fleet.ts';
import { useFleetPresence } from './list/use-fleet-presence.ts';
import { useSelection } from './list/use-selection.ts';
import { NoDevices } from './no-devices.tsx';
import type { Fleet, SearchSetter } from './product-devices-page.tsx';
import { isFiltered, type ProductDevicesSearch, pageQuery } from './product-devices-search.ts';

export interface DevicesTabProps {
  /** Id or slug. */
  readonly product: string;
  readonly search: ProductDevicesSearch;
  readonly setSearch: SearchSetter;
  /** Undefined until it is known. */
  readonly fleet: Fleet | undefined;
}

/** The members of the product: searched, filtered, sorted, selected, edited (LST-03). */
export function DevicesTab({ product, search, setSearch, fleet }: DevicesTabProps) {
  const can = useCan({ kind: 'product', product });
  const mayEdit = useMayEdit(product);
  const [edited, setEdited] = useState<string>();
  const selection = useSelection();
  const { query, readAll } = useFleet(product, search);
  const groups = useQuery({
    ...reading('listGroups', { params: { productIdOrSlug: product } }),
    enabled: can('groups:list'),
  }).data?.groups;
  useFleetPresence(product);
  const columns = useMemo(
    () => fleetColumns(product, new Map(groups?.map(({ name, color }) => [name, color]))),
    [product, groups],
  );
  const { page, perPage } = pageQuery(search);
  const sorting = {
    by: search.sort ?? ('lastConnection' as const),
    dir: search.dir ?? (search.sort === undefined || search.sort === 'lastConnection' ? ('desc' as const) : 'asc'),
    choose: (sort: NonNullable<typeof search.sort>, dir: 'asc' | 'desc') => setSearch({ sort, dir, page: undefined }),
  };
  return (
    <Loaded query={query} lines={8}>
      {({ devices, meta }) => {
        if (meta.total === 0 && !isFiltered(search)) return <NoDevices product={product} setSearch={setSearch} />;
        return (
          <>
            <Group justify="space-between" align="flex-start" gap="xs">
              <div style={{ flex: '1 1 300px', minWidth: 0 }}>
                <FilterBar
                  search={search}
                  groups={groups?.map(({ name }) => name) ?? []}
                  versions={fleet?.versions ?? []}
                  onChange={(filters) => setSearch({ ...filters, page: undefined })}
                />
              </div>
              <CsvMenu rows={devices} total={meta.total} readAll={readAll} />
            </Group>
            {selection.ids.size > 0 && (
              <BulkBar product={product} selection={selection} all={{ total: meta.total, read: readAll }} />
            )}
            {meta.total === 0 ? (
              <NoMatch onClear={() => setSearch({ ...CLEARED, page: undefined })} />
            ) : (
              <>
                <FleetTable
                  label="Devices of the product"
                  rows={devices}
                  columns={columns}
                  sorting={sorting}
                  selection={can('devices:update') ? selection : undefined}
                  actions={
                    mayEdit ? (device: FleetDevice) => <EditIcon device={device} onEdit={setEdited} /> : undefined
                  }
                  stale={query.isPlaceholderData}
                />
                <Pager
                  page={page}
                  perPage={perPage}
                  total={meta.total}
                  onPage={(next) => setSearch({ page: next })}
                  onSize={(size) => setSearch({ size, page: undefined })}
                />
              </>
            )}
            <EditDeviceModal
              product={product}
              deviceId={edited ?? ''}
              opened={edited !== undefined}
              onClose={() => setEdited(undefined)}
            />
          </>
        );
      }}
    </Loaded>
  );
}

const CLEARED = {
  q: undefined,
  groups: undefined,
  online: undefined,
  version: undefined,
  development: undefined,
} as const;

function NoMatch({ onClear }: { onClear(): void }) {
  return (
    <EmptyState title="No device matches">
      <Text c="dimmed" ta="center">
        No device of this product passes all of these filters.
      </Text>
      <Button variant="default" onClick={onClear}>
        Show all devices
      </Button>
    </EmptyState>
  );
}
