import { Tabs, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EventLog } from '../../../components/event-log/event-log.tsx';
import { Link } from '../../../ui/link.tsx';
import { type Days, type DeviceTab, deviceSearch } from '../device-search.ts';
import { useDevice } from './device-context.ts';
import { FirmwareTab } from './firmware-tab.tsx';
import { OnlineTab } from './online-tab.tsx';
import { VitalsTab } from './vitals-tab.tsx';

/** Tracker SoM and Tracker One, whose pages have no log (UI-28). */
const TRACKER_PLATFORM = 26;

/** Events, vitals, online history and firmware; which of them is open stands in the address. */
export function DeviceTabs() {
  const { tab, days = 1 } = deviceSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { can } = useDevice();
  const go = (change: { readonly tab?: string; readonly days?: number }) =>
    void navigate({ to: '.', search: (now) => deviceSearch({ ...now, ...change }), replace: true, resetScroll: false });
  const range = { days, onDays: (next: Days) => go({ days: next }) };
  const tabs: readonly { readonly value: DeviceTab; readonly label: ReactNode; readonly shown: boolean }[] = [
    { value: 'events', label: 'Events', shown: can('events:get') },
    { value: 'vitals', label: 'Vitals', shown: can('devices.diagnostics:get') },
    {
      value: 'online',
      label: (
        <>
          Online
          <Text span inherit visibleFrom="xs">
            {' history'}
          </Text>
        </>
      ),
      shown: true,
    },
    { value: 'firmware', label: 'Firmware', shown: true },
  ];
  const open = tabs.find(({ value, shown }) => shown && value === tab) ?? tabs.find(({ shown }) => shown);
  return (
    <Tabs value={open?.value ?? null} onChange={(value) => value !== null && go({ tab: value })} keepMounted={false}>
      <Tabs.List mb="md">
        {tabs
          .filter(({ shown }) => shown)
          .map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
      </Tabs.List>
      <Tabs.Panel value="events">
        <Events />
      </Tabs.Panel>
      <Tabs.Panel value="vitals">
        <VitalsTab {...range} />
      </Tabs.Panel>
      <Tabs.Panel value="online">
        <OnlineTab {...range} />
      </Tabs.Panel>
      <Tabs.Panel value="firmware">
        <FirmwareTab />
      </Tabs.Panel>
    </Tabs>
  );
}

function Events() {
  const { device, place, can } = useDevice();
  if (!can('events:get')) return null;
  if (device.platform_id !== TRACKER_PLATFORM) {
    return <EventLog place={place} deviceId={device.id} height="max(420px, calc(100dvh - 420px))" />;
  }
  const filter = { filter: `device:${device.id}` };
  return (
    <Text size="sm">
      A tracker has no log of its own here: its events are in{' '}
      {place.kind === 'product' ? (
        <Link to="/products/$product/events" params={{ product: place.product }} search={filter}>
          the events of the product
        </Link>
      ) : (
        <Link to="/events" search={filter}>
          your events
        </Link>
      )}
      .
    </Text>
  );
}
