import { Button } from '@mantine/core';
import { IconEdit } from '@tabler/icons-react';
import { useState } from 'react';
import { EditDeviceModal } from './edit-device-modal.tsx';
import { useMayEdit } from './may-edit.ts';

export interface EditDeviceButtonProps {
  /** Id or slug. */
  readonly product: string;
  readonly deviceId: string;
}

/** Opens the dialog that changes a device of a product (PRD-14). It isn't there for people who may change nothing of it. */
export function EditDeviceButton({ product, deviceId }: EditDeviceButtonProps) {
  const [opened, setOpened] = useState(false);
  if (!useMayEdit(product)) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconEdit size={18} aria-hidden />} onClick={() => setOpened(true)}>
        Edit
      </Button>
      <EditDeviceModal product={product} deviceId={deviceId} opened={opened} onClose={() => setOpened(false)} />
    </>
  );
}
