import { Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { useSession } from '../../data/session.ts';
import { Command } from '../../ui/copy.tsx';
import { Rows } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { DeleteGroup } from './delete-group.tsx';
import { groupColumns } from './group-columns.tsx';
import { GroupDialog } from './group-form.tsx';
import type { Group as DeviceGroup } from './group-reads.ts';
import { matchingGroups } from './groups-search.ts';

const route = getRouteApi('/inside/products/$product/groups');

/** Groups of a product's devices, to which firmware can be released (PRD-15). */
export function GroupsPage() {
  const { product } = route.useParams();
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const can = useCan({ kind: 'product', product });
  const groups = useQuery(reading('listGroups', { params: { productIdOrSlug: product } }));
  const [edited, setEdited] = useState<DeviceGroup | null>();
  const [deleted, setDeleted] = useState<DeviceGroup>();
  const columns = groupColumns({
    product,
    onEdit: can('groups:update') ? setEdited : undefined,
    onDelete: can('groups:remove') ? setDeleted : undefined,
  });
  const setQ = (text: string) => navigate({ search: text === '' ? {} : { q: text }, replace: true });
  return (
    <Page
      title="Groups"
      about="Devices of this product that get firmware together. A device can be in several: of what is released to them it gets the highest version."
      actions={
        can('groups:create') && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited(null)}>
            New group
          </Button>
        )
      }
    >
      <Loaded query={groups}>
        {({ groups: all }) => {
          if (all.length === 0) return <NoGroups product={product} />;
          const shown = matchingGroups(all, q);
          return (
            <>
              <Group justify="space-between" gap="sm">
                <TextInput
                  aria-label="Search groups"
                  placeholder="Search by name or description"
                  leftSection={<IconSearch size={18} aria-hidden />}
                  rightSection={
                    q !== undefined && <CloseButton aria-label="Clear the search" onClick={() => setQ('')} />
                  }
                  value={q ?? ''}
                  onChange={(event) => setQ(event.currentTarget.value)}
                  data-filter-input
                  style={{ flex: '1 1 240px', maxWidth: 420 }}
                />
                <Button
                  variant="default"
                  leftSection={<IconDownload size={18} aria-hidden />}
                  onClick={() => downloadCsv('groups', columns, shown)}
                >
                  CSV
                </Button>
              </Group>
              {shown.length === 0 ? (
                <EmptyState title="No group matches">
                  <Button variant="default" onClick={() => setQ('')}>
                    Show all groups
                  </Button>
                </EmptyState>
              ) : (
                <Rows label="Groups" rows={shown} keyOf={({ name }) => name} columns={columns} />
              )}
            </>
          );
        }}
      </Loaded>
      <GroupDialog product={product} group={edited} onClose={() => setEdited(undefined)} />
      <DeleteGroup product={product} group={deleted} onClose={() => setDeleted(undefined)} />
    </Page>
  );
}

function NoGroups({ product }: { readonly product: string }) {
  const { publicUrl } = useSession().cloud;
  return (
    <EmptyState title="This product has no groups yet">
      <Text c="dimmed" ta="center">
        Make one here, or name a new one when you edit a device. Then release firmware to it: only the devices in it are
        updated, such as a few on your desk before all others.
      </Text>
      <Stack gap={4} w="100%">
        <Text size="sm" c="dimmed">
          From a shell, with an access token in TOKEN:
        </Text>
        <Command>{`curl ${publicUrl}/v1/products/${product}/groups -H "Authorization: Bearer $TOKEN" -d name=beta -d description="Gets new firmware first"`}</Command>
      </Stack>
    </EmptyState>
  );
}
