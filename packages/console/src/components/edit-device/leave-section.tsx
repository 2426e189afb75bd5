import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { DEVICE_READS, type ProductDevice } from './device-reads.ts';

interface LeaveSectionProps {
  readonly product: string;
  readonly device: ProductDevice;
  /** The device is not in the product any more. */
  onGone(): void;
}

/** Takes the device from its owner, or out of the product. */
export function LeaveSection({ product, device, onGone }: LeaveSectionProps) {
  const can = useCan({ kind: 'product', product });
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'unclaim' | 'remove'>();
  const params = { productIdOrSlug: product, deviceId: device.id };
  const unclaim = useChange({
    run: () => api.call('releaseProductDevice', { params }),
    changes: DEVICE_READS,
    done: () => `${device.name} belongs to nobody now`,
    onDone: () => setAsking(undefined),
  });
  const remove = useChange({
    run: () => api.call('removeProductDevice', { params, body: {} }),
    changes: DEVICE_READS.filter((name) => name !== 'getProductDevice'),
    done: () => `${device.name} is out of the product`,
    onDone: () => {
      onGone();
      void navigate({ to: '/products/$product/devices', params: { product } });
    },
  });
  const mayUnclaim = can('devices:release') && device.owner !== null;
  if (!mayUnclaim && !can('devices:remove')) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="edit-leave">
      <Title order={3} size="h5" id="edit-leave">
        Owner and product
      </Title>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {device.owner === null ? 'Nobody owns this device.' : `Owned by ${device.owner}.`}
      </Text>
      <Group gap="xs">
        {mayUnclaim && (
          <Button variant="default" onClick={() => setAsking('unclaim')}>
            Unclaim
          </Button>
        )}
        {can('devices:remove') && (
          <Button variant="default" onClick={() => setAsking('remove')}>
            Remove from the product
          </Button>
        )}
      </Group>
      <Confirm
        opened={asking === 'unclaim'}
        onClose={() => setAsking(undefined)}
        onConfirm={() => unclaim.mutate()}
        title={`Unclaim ${device.name}?`}
        action="Unclaim the device"
        loading={unclaim.isPending}
      >
        {`${device.owner ?? 'Its owner'} does not own it any more and can't see it outside of the product. It stays in the product, and can be claimed again.`}
      </Confirm>
      <Confirm
        opened={asking === 'remove'}
        onClose={() => setAsking(undefined)}
        onConfirm={() => remove.mutate()}
        title={`Remove ${device.name} from the product?`}
        action="Remove the device"
        loading={remove.isPending}
      >
        Its groups, its lock and its development mark are gone, and it gets no more firmware of the product. If a
        customer of the product owns it, nobody does afterwards. While its firmware names this product, it comes back to
        the quarantine when it connects, or as the product's setting for unknown devices says.
      </Confirm>
    </Stack>
  );
}
