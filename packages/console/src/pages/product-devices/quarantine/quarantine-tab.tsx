import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DEVICE_READS } from '../../../components/edit-device/device-reads.ts';
import { api } from '../../../data/api.ts';
import { useCan } from '../../../data/permissions.ts';
import { reading } from '../../../data/query.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Link } from '../../../ui/link.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { tellDone, tellError } from '../../../ui/toasts.tsx';
import { SearchField } from '../list/filter-bar.tsx';
import type { FleetDevice } from '../list/fleet-device.ts';
import { FleetTable } from '../list/fleet-table.tsx';
import { Pager } from '../list/pager.tsx';
import { useFleet } from '../list/use-fleet.ts';
import { useFleetPresence } from '../list/use-fleet-presence.ts';
import { useSelection } from '../list/use-selection.ts';
import type { SearchSetter } from '../product-devices-page.tsx';
import { type ProductDevicesSearch, pageQuery } from '../product-devices-search.ts';
import { QUARANTINE_COLUMNS } from './quarantine-columns.tsx';
import { approvalText, UNKNOWN_DEVICES } from './quarantine-words.ts';

export interface QuarantineTabProps {
  /** Id or slug. */
  readonly product: string;
  readonly search: ProductDevicesSearch;
  readonly setSearch: SearchSetter;
}

const ACTIONS_PX = 190;

/** Devices that say they belong to the product and don't: approved or denied here (PRD-25). */
export function QuarantineTab({ product, search, setSearch }: QuarantineTabProps) {
  const can = useCan({ kind: 'product', product });
  const params = { productIdOrSlug: product };
  const { query } = useFleet(product, search);
  const selection = useSelection();
  const [denied, setDenied] = useState<FleetDevice>();
  useFleetPresence(product);
  const approve = useChange({
    run: (ids: string[]) => api.call('importDevices', { params, body: { ids } }),
    changes: DEVICE_READS,
    onDone: (reply) => {
      const { text, ok } = approvalText(reply);
      if (ok) tellDone(text);
      else tellError(new Error(text));
      selection.clear();
    },
  });
  const deny = useChange({
    run: ({ id: deviceId }: FleetDevice) =>
      api.call('removeProductDevice', { params: { ...params, deviceId }, body: { deny: true } }),
    changes: DEVICE_READS,
    done: ({ id }) => `${id} is denied: it can't connect as this product any more`,
    onDone: () => setDenied(undefined),
  });
  const { page, perPage } = pageQuery(search);
  return (
    <Stack>
      <WhyHere product={product} />
      <Loaded query={query} lines={6}>
        {({ devices, meta }) =>
          meta.total === 0 && search.q === undefined ? (
            <EmptyState title="No device waits">
              A device comes here when its firmware names this product and nobody has added it.
            </EmptyState>
          ) : (
            <>
              <Group gap="xs">
                <SearchField
                  value={search.q ?? ''}
                  onChange={(q) => setSearch({ q: q === '' ? undefined : q, page: undefined })}
                />
                {selection.ids.size > 0 && (
                  <Button loading={approve.isPending} onClick={() => approve.mutate([...selection.ids])}>
                    Approve {selection.ids.size.toLocaleString('en')}
                  </Button>
                )}
              </Group>
              {meta.total === 0 ? (
                <EmptyState title="No device matches">Search for another part of an ID or serial number.</EmptyState>
              ) : (
                <FleetTable
                  label="Devices in quarantine"
                  rows={devices}
                  columns={QUARANTINE_COLUMNS}
                  sorting={{
                    by: search.sort ?? 'lastConnection',
                    dir: search.dir ?? (search.sort === undefined ? 'desc' : 'asc'),
                    choose: (sort, dir) => setSearch({ sort, dir, page: undefined }),
                  }}
                  selection={can('devices:import') ? selection : undefined}
                  actionsWidth={ACTIONS_PX}
                  actions={(device) => (
                    <Group gap={6} justify="flex-end" wrap="nowrap">
                      {can('devices:import') && (
                        <Button
                          size="xs"
                          aria-label={`Approve ${device.id}`}
                          disabled={approve.isPending}
                          onClick={() => approve.mutate([device.id])}
                        >
                          Approve
                        </Button>
                      )}
                      {can('devices:remove') && !device.denied && (
                        <Button
                          size="xs"
                          variant="default"
                          aria-label={`Deny ${device.id}`}
                          onClick={() => setDenied(device)}
                        >
                          Deny
                        </Button>
                      )}
                    </Group>
                  )}
                  stale={query.isPlaceholderData}
                />
              )}
              <Pager
                page={page}
                perPage={perPage}
                total={meta.total}
                onPage={(next) => setSearch({ page: next })}
                onSize={(size) => setSearch({ size, page: undefined })}
              />
            </>
          )
        }
      </Loaded>
      <Confirm
        opened={denied !== undefined}
        onClose={() => setDenied(undefined)}
        onConfirm={() => denied && deny.mutate(denied)}
        title="Deny this device?"
        action="Deny the device"
        loading={deny.isPending}
      >
        <Text style={{ overflowWrap: 'anywhere' }}>
          {denied?.id} can't connect any more while its firmware names this product. It stays in this list, and can be
          approved later.
        </Text>
      </Confirm>
    </Stack>
  );
}

function WhyHere({ product }: Pick<QuarantineTabProps, 'product'>) {
  const setting = useQuery(reading('getProduct', { params: { productIdOrSlug: product } })).data?.product.settings
    .unknown_devices;
  return (
    <Alert variant="outline" color="gray" title="Why devices are here">
      <Text size="sm">
        The firmware of these devices names this product, but they were not added to it. Until you approve them they get
        none of its firmware, their events don't reach it, and you don't see what their owners gave them.{' '}
        {setting !== undefined && UNKNOWN_DEVICES[setting]}{' '}
        <Link to="/products/$product/settings" params={{ product }} inherit>
          Change what happens to unknown devices
        </Link>
      </Text>
    </Alert>
  );
}
