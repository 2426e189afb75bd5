import type { Output } from '@cloudchamber/contract';
import { Group, Stack, Text } from '@mantine/core';
import type { Column } from '../../ui/data-table.tsx';
import { Link } from '../../ui/link.tsx';
import { CustomerActions } from './customer-actions.tsx';

type Listed = Output<'listCustomers'>;
export type Customer = Listed['customers'][number];

export interface CustomerColumns {
  readonly product: string;
  readonly devices: Listed['devices'];
  readonly mayUpdate: boolean;
  readonly mayRemove: boolean;
}

/** The columns of the table and of its CSV. */
export function customerColumns({ product, devices, mayUpdate, mayRemove }: CustomerColumns): Column<Customer>[] {
  const isOnline = new Map(devices.map(({ id, online }) => [id, online]));
  return [
    { title: 'Username', cell: ({ username }) => username, text: ({ username }) => username },
    { title: 'Name', cell: ({ full_name }) => full_name ?? '–', text: ({ full_name }) => full_name ?? '' },
    {
      title: 'Device ID',
      cell: ({ devices: ids }) => (
        <Stack gap={2}>
          {ids.map((id) => (
            <Group key={id} gap="xs" wrap="nowrap">
              <Link to="/products/$product/devices/$deviceId" params={{ product, deviceId: id }} className="mono">
                {id}
              </Link>
              <Text span size="sm" c="dimmed">
                {isOnline.get(id) === true ? '● online' : '○ offline'}
              </Text>
            </Group>
          ))}
        </Stack>
      ),
      text: ({ devices: ids }) => ids.join(' '),
    },
    {
      title: 'Actions',
      align: 'right',
      cell: (customer) => (
        <CustomerActions product={product} username={customer.username} mayUpdate={mayUpdate} mayRemove={mayRemove} />
      ),
    },
  ];
}
