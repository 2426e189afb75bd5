import { Alert, Button, Checkbox, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { Link } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { messageOf } from '../../ui/toasts.tsx';
import { DEVICE_READS, type ProductDevice } from './device-reads.ts';
import { firmwareStanding, versionChoices } from './firmware-words.ts';

interface FirmwareSectionProps {
  readonly product: string;
  readonly device: ProductDevice;
}

/** Which firmware the device should run: locked to a version, or what is released to it (OTA-12 to 15). */
export function FirmwareSection({ product, device }: FirmwareSectionProps) {
  const can = useCan({ kind: 'product', product });
  const params = { productIdOrSlug: product, deviceId: device.id };
  const lock = useChange({
    run: (body: { desired_firmware_version: number | null; flash?: true }) =>
      api.call('updateProductDevice', { params, body }),
    changes: DEVICE_READS,
    done: ({ desired_firmware_version: version, flash }) => toldOf(device.name, version, flash === true),
    showsError: true,
  });
  const locked = device.desired_firmware_version;
  return (
    <Stack gap="sm" component="section" aria-labelledby="edit-firmware">
      <Title order={3} size="h5" id="edit-firmware">
        Firmware
      </Title>
      <Text size="sm">{firmwareStanding(device)}</Text>
      {locked !== null && (
        <Group justify="space-between" gap="xs">
          <Group gap={6} wrap="nowrap">
            <IconLock size={18} aria-hidden />
            <Text fw={600}>Locked to version {locked}</Text>
          </Group>
          <Button
            variant="default"
            leftSection={<IconLockOpen size={16} aria-hidden />}
            loading={lock.isPending}
            onClick={() => lock.mutate({ desired_firmware_version: null })}
          >
            Unlock
          </Button>
        </Group>
      )}
      {can('firmware:list') ? (
        <LockForm
          key={String(locked)}
          product={product}
          device={device}
          pending={lock.isPending}
          onLock={(version, flash) =>
            lock.mutate({ desired_firmware_version: version, ...(flash && { flash: true as const }) })
          }
        />
      ) : (
        <Text size="sm" c="dimmed">
          Your role does not show you the versions of this product.
        </Text>
      )}
      {lock.isError && (
        <Alert color="red" variant="outline" role="alert">
          {messageOf(lock.error)}
        </Alert>
      )}
      {lock.data?.warning !== undefined && (
        <Alert color="yellow" variant="outline" role="status">
          {lock.data.warning}
        </Alert>
      )}
    </Stack>
  );
}

interface LockFormProps extends FirmwareSectionProps {
  readonly pending: boolean;
  onLock(version: number, flash: boolean): void;
}

function LockForm({ product, device, pending, onLock }: LockFormProps) {
  const versions = useQuery(reading('listProductFirmware', { params: { productIdOrSlug: product } }));
  const locked = device.desired_firmware_version;
  const [version, setVersion] = useState<string | null>(locked === null ? null : String(locked));
  const [flash, setFlash] = useState(false);
  const changes = version !== null && (Number(version) !== locked || (flash && device.online));
  return (
    <Loaded query={versions} lines={1}>
      {(list) =>
        list.length === 0 ? (
          <Text size="sm">
            The product has no firmware yet.{' '}
            <Link to="/products/$product/firmware" params={{ product }}>
              Upload a version
            </Link>{' '}
            to lock this device to it.
          </Text>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (changes && !pending) onLock(Number(version), flash && device.online);
            }}
          >
            <Group align="flex-end" gap="sm">
              <Select
                label="Lock to version"
                placeholder="Choose a version"
                data={versionChoices(list)}
                value={version}
                onChange={setVersion}
                searchable
                nothingFoundMessage="No such version"
                style={{ flex: '1 1 220px' }}
              />
              <Button
                type="submit"
                leftSection={<IconLock size={16} aria-hidden />}
                disabled={!changes}
                loading={pending}
              >
                Lock
              </Button>
            </Group>
            <Checkbox
              mt="sm"
              label="Flash now"
              description={
                device.online
                  ? 'Send it at once. Otherwise the device gets it at its next handshake, mostly after a reset.'
                  : 'The device is offline: it gets the version at its next handshake.'
              }
              checked={flash && device.online}
              disabled={!device.online}
              onChange={(event) => setFlash(event.currentTarget.checked)}
            />
          </form>
        )
      }
    </Loaded>
  );
}

function toldOf(name: string, version: number | null, flash: boolean): string {
  if (version === null) return `${name} is unlocked: it takes released firmware again at its next handshake`;
  return flash
    ? `${name} is locked to version ${version}, which is being sent`
    : `${name} is locked to version ${version} and gets it at its next handshake`;
}
