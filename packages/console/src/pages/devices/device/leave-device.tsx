import { Button, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { UnclaimDevice } from '../unclaim-device.tsx';
import { useDevice } from './device-context.ts';
import { Panel } from './panel.tsx';

/** What parts an own device from its account. In a product that stands in its Edit dialog. */
export function LeaveDevice() {
  const { device, place } = useDevice();
  const [asks, setAsks] = useState(false);
  const navigate = useNavigate();
  if (place.kind !== 'sandbox') return null;
  return (
    <Panel title="Danger zone">
      <Text size="sm">
        Unclaiming removes the device from your account. It keeps its key, and may be claimed again.
      </Text>
      <Button variant="default" style={{ color: 'var(--mantine-color-error)' }} onClick={() => setAsks(true)}>
        Unclaim the device
      </Button>
      <UnclaimDevice
        device={device}
        opened={asks}
        onClose={() => setAsks(false)}
        onDone={() => navigate({ to: '/devices' })}
      />
    </Panel>
  );
}
