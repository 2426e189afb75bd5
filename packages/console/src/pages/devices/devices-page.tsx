import { Button, CloseButton, Group, Text, TextInput } from '@mantine/core';
import { IconDownload, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { usePlatforms } from '../../components/device-type/use-platforms.ts';
import { reading } from '../../data/query.ts';
import { useUser } from '../../data/session.ts';
import { downloadCsv } from '../../ui/download-csv.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { AddDevice } from './add/add-device.tsx';
import { arrangeRows } from './list/arrange-rows.ts';
import { ColumnChooser } from './list/column-chooser.tsx';
import { type Device, deviceRows } from './list/device-rows.ts';
import { DevicesTable } from './list/devices-table.tsx';
import { Transfers } from './list/transfers.tsx';
import { useColumns } from './list/use-columns.ts';
import { usePresence } from './list/use-presence.ts';
import { WhatCounts } from './list/what-counts.tsx';

const route = getRouteApi('/inside/devices');

/** The devices that are claimed to the account (UI-01, LST-01). */
export function DevicesPage() {
  const navigate = route.useNavigate();
  const { add } = route.useSearch();
  const devices = useQuery(reading('listDevices'));
  usePresence();
  const openAdd = () => navigate({ search: (search) => ({ ...search, add: 'virtual' }) });
  return (
    <Page
      title="Devices"
      about="Every device that is claimed to your account, also those of products."
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={openAdd}>
          Add device
        </Button>
      }
    >
      <Transfers />
      <Loaded query={devices} lines={6}>
        {(list) => (list.length === 0 ? <NoDevices onAdd={openAdd} /> : <DeviceList devices={list} />)}
      </Loaded>
      <AddDevice
        kind={add}
        onKind={(kind) => navigate({ search: (search) => ({ ...search, add: kind }), replace: true })}
        onClose={() => navigate({ search: ({ add: _closed, ...search }) => search, replace: true })}
      />
    </Page>
  );
}

function NoDevices({ onAdd }: { onAdd(): void }) {
  return (
    <EmptyState title="No device is claimed to you yet">
      <Text c="dimmed" ta="center">
        Devices connect to this cloud with their own key, and belong to you once you have claimed them. Begin with a
        virtual device: one command runs it on your computer, and it does everything that hardware does.
      </Text>
      <Button onClick={onAdd}>Add your first device</Button>
    </EmptyState>
  );
}

function DeviceList({ devices }: { readonly devices: readonly Device[] }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  const platforms = usePlatforms();
  const { id: userId } = useUser();
  const products = useQuery({ ...reading('listProducts'), staleTime: 60_000 }).data?.products;
  const rows = useMemo(
    () => deviceRows({ devices, platforms, products, userId }),
    [devices, platforms, products, userId],
  );
  const arranged = useMemo(() => arrangeRows(rows, search), [rows, search]);
  const online = devices.filter((device) => device.online).length;
  const setQ = (q: string) =>
    navigate({ search: ({ q: _old, ...rest }) => (q === '' ? rest : { ...rest, q }), replace: true });
  return (
    <>
      <Group justify="space-between" gap="sm">
        <TextInput
          aria-label="Search devices"
          placeholder="Search by name, ID, type or product"
          leftSection={<IconSearch size={18} aria-hidden />}
          rightSection={
            search.q !== undefined && <CloseButton aria-label="Clear the search" onClick={() => setQ('')} />
          }
          value={search.q ?? ''}
          onChange={(event) => setQ(event.currentTarget.value)}
          data-filter-input
          style={{ flex: '1 1 240px', maxWidth: 420 }}
        />
        <Group gap="xs">
          <WhatCounts
            rows={rows}
            hasColumn={columns.ids.includes('counts')}
            showColumn={() => columns.choose([...columns.ids, 'counts'])}
          />
          <ColumnChooser columns={columns} />
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => downloadCsv('devices', columns.shown, arranged)}
          >
            CSV
          </Button>
        </Group>
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {arranged.length === devices.length
          ? `${devices.length} ${devices.length === 1 ? 'device' : 'devices'}, ${online} online`
          : `${arranged.length} of ${devices.length} devices`}
      </Text>
      {arranged.length === 0 ? (
        <EmptyState title="No device matches">
          <Button variant="default" onClick={() => setQ('')}>
            Show all devices
          </Button>
        </EmptyState>
      ) : (
        <DevicesTable
          rows={arranged}
          columns={columns.shown}
          search={search}
          onSort={(sort, dir) =>
            navigate({ search: ({ dir: _old, ...rest }) => ({ ...rest, sort, ...(dir && { dir }) }), replace: true })
          }
        />
      )}
    </>
  );
}
