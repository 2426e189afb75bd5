import { Grid, Stack } from '@mantine/core';
import { Page } from '../../../ui/page.tsx';
import { Notice } from '../notice.tsx';
import { CmdBox } from './cmd-box.tsx';
import { DeviceActions } from './device-actions.tsx';
import { useDevice } from './device-context.ts';
import { DeviceFactsCard } from './device-facts-card.tsx';
import { DeviceSummary } from './device-summary.tsx';
import { DeviceTabs } from './device-tabs.tsx';
import { FunctionsPanel } from './functions-panel.tsx';
import { LeaveDevice } from './leave-device.tsx';
import { NotesPanel } from './notes-panel.tsx';
import { useSystemEvents } from './use-system-events.ts';
import { VariablesPanel } from './variables-panel.tsx';

/** The page of a device: what it is, what it does, what can be done with it. */
export function DeviceView() {
  const { device } = useDevice();
  useSystemEvents();
  return (
    <Page title={device.name} about={<DeviceSummary />} actions={<DeviceActions />}>
      {device.status === 'safe_mode' && (
        <Notice kind="warning" title="The device is in safe mode">
          Its application does not run, because it needs parts of Device OS that the device lacks. It takes firmware
          over the air.
        </Notice>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            <DeviceFactsCard />
            <DeviceTabs />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="md">
            <FunctionsPanel />
            <CmdBox />
            <VariablesPanel />
            <NotesPanel />
            <LeaveDevice />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
