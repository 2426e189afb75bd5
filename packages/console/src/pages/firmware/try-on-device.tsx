import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconLock, IconLockOpen } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { DeviceSelect } from './device-select.tsx';
import type { Version } from './releases.ts';
import { UpdateWatch } from './update-watch.tsx';

interface TryOnDeviceProps {
  readonly product: string;
  readonly version: Version;
  onClose(): void;
  /** It has run: goes on to the release. */
  onGoOn(): void;
}

/** Shows what is to be done with a version that has run on a device; before that, how it gets there. */
export function OnceTried({
  children,
  ...others
}: Omit<TryOnDeviceProps, 'onGoOn'> & { readonly children: ReactNode }) {
  const [isTrying, setIsTrying] = useState(others.version.first_run_at === null);
  return isTrying ? <TryOnDevice {...others} onGoOn={() => setIsTrying(false)} /> : children;
}

/** Says why a version cannot be released yet, locks a device to it, which is the way there, and shows how that goes (OTA-08, OTA-12). */
function TryOnDevice({ product, version: { version, first_run_at }, onClose, onGoOn }: TryOnDeviceProps) {
  const can = useCan({ kind: 'product', product });
  const [deviceId, setDeviceId] = useState<string | null>(null);
  const [locked, setLocked] = useState<string>();
  const [isUnlocked, setIsUnlocked] = useState(false);
  const lockTo = (id: string, to: number | null) =>
    api.call('updateProductDevice', {
      params: { productIdOrSlug: product, deviceId: id },
      body: { desired_firmware_version: to, ...(to !== null && { flash: true }) },
    });
  const lock = useChange({
    run: (id: string) => lockTo(id, version),
    changes: ['listProductDevices', 'getProductDevice'],
    onDone: (_result, id) => setLocked(id),
    showsError: true,
  });
  const unlock = useChange({
    run: (id: string) => lockTo(id, null),
    changes: ['listProductDevices', 'getProductDevice'],
    done: () => 'The device is unlocked: it gets what is released to it',
    onDone: () => {
      setIsUnlocked(first_run_at !== null);
      if (first_run_at === null) setLocked(undefined);
    },
  });
  if (first_run_at !== null) {
    return (
      <Stack>
        <Alert
          variant="default"
          icon={<IconCircleCheck aria-hidden />}
          role="status"
          title={`Version ${version} runs on a device`}
        >
          It can be released now.{' '}
          {locked !== undefined && !isUnlocked && 'The device stays locked to it until you unlock it.'}
        </Alert>
        <Group justify="flex-end" gap="xs">
          {locked !== undefined && !isUnlocked && (
            <Button
              variant="default"
              leftSection={<IconLockOpen size={16} aria-hidden />}
              loading={unlock.isPending}
              onClick={() => unlock.mutate(locked)}
            >
              Unlock the device
            </Button>
          )}
          <Button onClick={onGoOn}>Go on to the release</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <Alert variant="default" icon={<IconAlertTriangle aria-hidden />} title="No device of the product has run it yet">
        As a safeguard, a version has to run on at least one device of the product before it can be released. Lock a
        device to it: that sends it like a release does.
      </Alert>
      {locked === undefined && can('devices:update') && (
        <DeviceSelect product={product} value={deviceId} onChange={setDeviceId} disabled={lock.isPending} />
      )}
      {lock.isError && (
        <Alert color="red" variant="outline" role="alert">
          {messageOf(lock.error)}
        </Alert>
      )}
      {lock.data?.warning !== undefined && (
        <Alert variant="default" icon={<IconAlertTriangle aria-hidden />}>
          {lock.data.warning}
        </Alert>
      )}
      {locked === undefined ? (
        <Text size="sm" c="dimmed">
          A device that is locked gets no releases until it is unlocked.
        </Text>
      ) : (
        <UpdateWatch product={product} deviceId={locked} version={version} />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {locked === undefined ? 'Cancel' : 'Close'}
        </Button>
        {locked !== undefined && (
          <Button
            variant="default"
            leftSection={<IconLockOpen size={16} aria-hidden />}
            loading={unlock.isPending}
            onClick={() => unlock.mutate(locked)}
          >
            Unlock, choose another
          </Button>
        )}
        {locked === undefined && can('devices:update') && (
          <Button
            leftSection={<IconLock size={16} aria-hidden />}
            disabled={deviceId === null}
            loading={lock.isPending}
            onClick={() => deviceId !== null && lock.mutate(deviceId)}
          >
            Lock and flash now
          </Button>
        )}
      </Group>
    </Stack>
  );
}
