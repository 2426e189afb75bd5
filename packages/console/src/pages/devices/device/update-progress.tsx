import { Button, Group, Paper, Progress as ProgressBar, Stack, Text } from '@mantine/core';
import { useChange } from '../../../data/use-change.ts';
import { useDevice } from './device-context.ts';
import { outcomeText, type Progress, sizeText, stageText, updateTitle } from './update-words.ts';

/** How the update goes that is under way, step by step, or how the last one ended. */
export function UpdateProgress({ progress }: { readonly progress: Progress }) {
  const { api, can } = useDevice();
  const { outcome, message, percent, bytes, total_bytes } = progress;
  const cancel = useChange({
    run: api.cancelUpdate,
    changes: ['listDeviceUpdates', 'listProductDeviceUpdates'],
    done: (_none, { stage }) =>
      stage === 'applying' ? 'Cancelled; the device has all of an image and may run it' : 'The update is cancelled',
  });
  const isRunning = outcome === null;
  const title = updateTitle(progress);
  const state = outcomeText(outcome) ?? stageText(progress);
  return (
    <Paper withBorder p="md" component="section" aria-label="Update">
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>{title}</Text>
          {isRunning && can('devices:update') && (
            <Button variant="default" size="compact-sm" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel the update
            </Button>
          )}
        </Group>
        <ProgressBar.Root size="lg">
          <ProgressBar.Section
            value={percent}
            color={isRunning || outcome === 'succeeded' ? 'blue.8' : 'red.9'}
            animated={isRunning}
            aria-label={`${title}, progress`}
          />
        </ProgressBar.Root>
        <Text size="sm" role="status">
          {state}
          {isRunning && `, ${percent} %, ${sizeText(bytes)} of ${sizeText(total_bytes)}`}
          {message !== null && `: ${message}`}
        </Text>
      </Stack>
    </Paper>
  );
}
