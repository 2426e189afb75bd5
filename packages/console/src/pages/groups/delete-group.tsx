import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { messageOf } from '../../ui/toasts.tsx';
import { GROUP_READS, type Group } from './group-reads.ts';

export interface DeleteGroupProps {
  /** Id or slug. */
  readonly product: string;
  /** Undefined closes the dialog. */
  readonly group: Group | undefined;
  onClose(): void;
}

/** Deletes a group, after saying what becomes of its devices. */
export function DeleteGroup({ product, group, onClose }: DeleteGroupProps) {
  const remove = useChange({
    run: ({ name: groupName }: Group) => api.call('deleteGroup', { params: { productIdOrSlug: product, groupName } }),
    changes: GROUP_READS,
    done: ({ name }) => `The group ${name} is deleted`,
    onDone: onClose,
  });
  return (
    <Confirm
      opened={group !== undefined}
      onClose={onClose}
      onConfirm={() => group && remove.mutate(group)}
      title={`Delete the group ${group?.name ?? ''}?`}
      action="Delete the group"
      loading={remove.isPending}
      {...(group !== undefined && group.device_count > 0 && { typed: group.name })}
    >
      {group !== undefined && (
        <Stack gap="xs">
          <Text>
            {group.device_count === 0
              ? 'No device is in it.'
              : `${devices(group.device_count)} ${group.device_count === 1 ? 'is' : 'are'} in it and ${group.device_count === 1 ? 'stays' : 'stay'} in the product.`}
          </Text>
          {group.fw_version !== null && <ReleaseImpact product={product} group={group} version={group.fw_version} />}
        </Stack>
      )}
    </Confirm>
  );
}

interface ReleaseImpactProps {
  readonly product: string;
  readonly group: Group;
  readonly version: number;
}

/** How many devices would get other firmware: as when what is released to the group were released to it no more. */
function ReleaseImpact({ product, group, version }: ReleaseImpactProps) {
  const can = useCan({ kind: 'product', product });
  const params = { productIdOrSlug: product };
  const versions = useQuery({
    ...reading('listProductFirmware', { params, query: { archived: true } }),
    enabled: can('firmware:list'),
  });
  const firmware = versions.data?.find((one) => one.version === version);
  const impact = useQuery({
    ...reading('getReleaseImpact', {
      params,
      query: {
        firmware_version: version,
        groups: firmware?.groups.filter((name) => name !== group.name) ?? [],
        product_default: firmware?.product_default ?? false,
      },
    }),
    enabled: firmware !== undefined && can('groups.impact:get'),
    staleTime: 0,
  });
  const total = impact.data?.devices.firmware_update.total;
  return (
    <>
      <Text>
        Version {version} is released to it. Afterwards its devices get what their other groups have, or the product
        default.
      </Text>
      <Text fw={600} role="status">
        {impact.isError
          ? `How many devices that updates is not known: ${messageOf(impact.error)}`
          : total === undefined
            ? 'Counting the devices that this updates…'
            : total === 0
              ? 'No device gets other firmware by this.'
              : `${devices(total)} will get other firmware at ${total === 1 ? 'its next handshake' : 'their next handshakes'}.`}
      </Text>
    </>
  );
}

function devices(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'device' : 'devices'}`;
}
