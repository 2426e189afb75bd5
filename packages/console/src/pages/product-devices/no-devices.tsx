import { Button, Stack, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useCan } from '../../data/permissions.ts';
import { useSession } from '../../data/session.ts';
import { Command } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { SearchSetter } from './product-devices-page.tsx';

export interface NoDevicesProps {
  /** Id or slug. */
  readonly product: string;
  readonly setSearch: SearchSetter;
}

/** Stands where the product has no device, and says how it gets some. */
export function NoDevices({ product, setSearch }: NoDevicesProps) {
  const can = useCan({ kind: 'product', product });
  const { publicUrl } = useSession().cloud;
  return (
    <EmptyState title="This product has no devices yet">
      <Text c="dimmed" ta="center">
        Import the devices that are to belong to it: a .txt file with one device ID on each line. Their keys are
        registered with this cloud before.
      </Text>
      {can('devices:import') && (
        <Button leftSection={<IconFileImport size={18} aria-hidden />} onClick={() => setSearch({ import: true })}>
          Import devices
        </Button>
      )}
      <Stack gap={4} w="100%">
        <Text size="sm" c="dimmed">
          The same from a shell, with an access token in TOKEN:
        </Text>
        <Command>{`curl ${publicUrl}/v1/products/${product}/devices -H "Authorization: Bearer $TOKEN" -F file=@devices.txt`}</Command>
      </Stack>
    </EmptyState>
  );
}
