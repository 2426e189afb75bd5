import { Autocomplete, Button, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../../../data/use-change.ts';
import { messageOf } from '../../../ui/toasts.tsx';
import { CMD_PRESETS, cmdProblem, cmdResult } from './cmd-command.ts';
import { useDevice } from './device-context.ts';
import { Panel } from './panel.tsx';

/** Sends a command in JSON to the function `cmd`, where the device has one: trackers do (UI-30). */
export function CmdBox() {
  const { api, device, can } = useDevice();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const call = useChange({ run: (arg: string) => api.callFunction('cmd', arg), changes: [], showsError: true });
  if (device.functions?.includes('cmd') !== true) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = cmdProblem(text);
    setProblem(wrong);
    if (wrong === undefined && !call.isPending) call.mutate(text);
  };
  return (
    <Panel title="cmd">
      <form onSubmit={submit}>
        <Stack gap="xs">
          <Autocomplete
            label="Command"
            description="JSON for the function cmd. Custom handlers are called by their names too."
            placeholder='{"cmd":"get_loc"}'
            data={CMD_PRESETS.map(({ value }) => value)}
            renderOption={({ option }) => (
              <div>
                <Text size="sm" className="mono">
                  {option.value}
                </Text>
                <Text size="xs" c="dimmed">
                  {CMD_PRESETS.find(({ value }) => value === option.value)?.label}
                </Text>
              </div>
            )}
            value={text}
            onChange={(value) => {
              setText(value);
              setProblem(undefined);
            }}
            error={problem ?? (call.isError ? messageOf(call.error) : undefined)}
            spellCheck={false}
            disabled={!can('devices.function:call')}
          />
          <Group justify="space-between">
            <Text size="sm" role="status">
              {call.isSuccess && cmdResult(call.data.return_value)}
            </Text>
            <Button type="submit" variant="default" loading={call.isPending} disabled={!can('devices.function:call')}>
              Send
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
