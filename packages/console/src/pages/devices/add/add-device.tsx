import { Modal, Tabs } from '@mantine/core';
import { useSession } from '../../../data/session.ts';
import type { AddKind } from '../devices-search.ts';
import { ClaimDevice } from './claim-device.tsx';
import { HardwareSteps } from './hardware-steps.tsx';
import { VirtualDeviceSteps } from './virtual-device-steps.tsx';

export interface AddDeviceProps {
  /** The tab that is open; the dialog is closed when left out. */
  readonly kind: AddKind | undefined;
  onKind(kind: AddKind): void;
  onClose(): void;
}

const TABS: readonly { readonly kind: AddKind; readonly label: string }[] = [
  { kind: 'virtual', label: 'Virtual device' },
  { kind: 'udp', label: 'Photon 2, Argon, Boron …' },
  { kind: 'tcp', label: 'Photon, P1, Core' },
  { kind: 'claim', label: 'Device ID or claim code' },
];

/** How a device gets into the account, by its kind, with the exact commands. */
export function AddDevice({ kind, onKind, onClose }: AddDeviceProps) {
  const { cloud } = useSession();
  return (
    <Modal
      opened={kind !== undefined}
      onClose={onClose}
      title="Add device"
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Tabs
        value={kind ?? 'virtual'}
        onChange={(value) => {
          const tab = TABS.find((one) => one.kind === value);
          if (tab) onKind(tab.kind);
        }}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {TABS.map((tab) => (
            <Tabs.Tab key={tab.kind} value={tab.kind}>
              {tab.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="virtual">
          <VirtualDeviceSteps cloud={cloud} />
        </Tabs.Panel>
        <Tabs.Panel value="udp">
          <HardwareSteps cloud={cloud} transport="udp" />
        </Tabs.Panel>
        <Tabs.Panel value="tcp">
          <HardwareSteps cloud={cloud} transport="tcp" />
        </Tabs.Panel>
        <Tabs.Panel value="claim">
          <ClaimDevice />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}
