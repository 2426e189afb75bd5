import { Alert, Divider, Modal, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { IdText } from '../../ui/id-text.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { DetailsForm } from './details-form.tsx';
import type { ProductDevice } from './device-reads.ts';
import { FirmwareSection } from './firmware-section.tsx';
import { LeaveSection } from './leave-section.tsx';

export interface EditDeviceModalProps {
  /** Id or slug. */
  readonly product: string;
  readonly deviceId: string;
  readonly opened: boolean;
  onClose(): void;
}

/** Everything of a product's device that people may change: firmware, name, notes, groups, development, and its end (PRD-14, OTA-12 to 15). */
export function EditDeviceModal({ product, deviceId, opened, onClose }: EditDeviceModalProps) {
  const isSmall = useMediaQuery('(max-width: 36em)');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Edit device"
      size="lg"
      fullScreen={isSmall}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <Sections product={product} deviceId={deviceId} onClose={onClose} />}
    </Modal>
  );
}

const WATCH_MS = 3000;

/** May the version that it is locked to come any moment? */
function isUnderWay({ online, development, desired_firmware_version: locked, firmware_version: runs }: ProductDevice) {
  return online && !development && locked !== null && locked !== runs;
}

type SectionsProps = Pick<EditDeviceModalProps, 'product' | 'deviceId' | 'onClose'>;

function Sections({ product, deviceId, onClose }: SectionsProps) {
  const device = useQuery({
    ...reading('getProductDevice', { params: { productIdOrSlug: product, deviceId } }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isUnderWay(data) ? WATCH_MS : false),
  });
  return (
    <Loaded query={device} lines={8}>
      {(data) => <Editable product={product} device={data} onClose={onClose} />}
    </Loaded>
  );
}

interface EditableProps {
  readonly product: string;
  readonly device: ProductDevice;
  onClose(): void;
}

function Editable({ product, device, onClose }: EditableProps) {
  const can = useCan({ kind: 'product', product });
  if (device.quarantined) {
    return (
      <Alert variant="outline" color="gray" title="This device is no member of the product">
        It waits in the quarantine. Approve it in the list of devices, and it can be edited.
      </Alert>
    );
  }
  return (
    <Stack gap="lg">
      <div>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {device.name}
        </Text>
        <IdText id={device.id} what="device ID" />
      </div>
      {can('devices:update') && (
        <>
          <FirmwareSection product={product} device={device} />
          <Divider />
          <DetailsForm product={product} device={device} onDone={onClose} />
          <Divider />
        </>
      )}
      <LeaveSection product={product} device={device} onGone={onClose} />
    </Stack>
  );
}
