import { ActionIcon, Tooltip } from '@mantine/core';
import { IconEdit } from '@tabler/icons-react';
import type { FleetDevice } from './fleet-device.ts';

export interface EditIconProps {
  readonly device: FleetDevice;
  onEdit(deviceId: string): void;
}

/** Opens the dialog that changes the device of a row. */
export function EditIcon({ device, onEdit }: EditIconProps) {
  return (
    <Tooltip label="Edit">
      <ActionIcon variant="subtle" color="gray" aria-label={`Edit ${device.name}`} onClick={() => onEdit(device.id)}>
        <IconEdit size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
