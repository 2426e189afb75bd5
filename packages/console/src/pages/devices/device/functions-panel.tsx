import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../../../data/use-change.ts';
import { messageOf } from '../../../ui/toasts.tsx';
import { useDevice } from './device-context.ts';
import { Panel } from './panel.tsx';

/** The functions of the device, each with a box for its argument (UI-30). */
export function FunctionsPanel() {
  const { device, can } = useDevice();
  const { functions } = device;
  return (
    <Panel title="Functions">
      {functions === null && <Text c="dimmed">The device has not described itself yet.</Text>}
      {functions?.length === 0 && (
        <Text c="dimmed" size="sm">
          Its firmware has none. In firmware, <code>Particle.function("open", openValve)</code> makes one.
        </Text>
      )}
      {functions?.map((name) => (
        <FunctionRow key={name} name={name} mayCall={can('devices.function:call')} />
      ))}
    </Panel>
  );
}

function FunctionRow({ name, mayCall }: { readonly name: string; readonly mayCall: boolean }) {
  const { api } = useDevice();
  const [argument, setArgument] = useState('');
  const call = useChange({ run: (arg: string) => api.callFunction(name, arg), changes: [], showsError: true });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!call.isPending) call.mutate(argument);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={4}>
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            label={name}
            labelProps={{ className: 'mono' }}
            placeholder="Argument"
            value={argument}
            onChange={(event) => setArgument(event.currentTarget.value)}
            disabled={!mayCall}
            autoComplete="off"
            spellCheck={false}
            style={{ flex: 1, minWidth: 0 }}
          />
          <Button
            type="submit"
            variant="default"
            loading={call.isPending}
            disabled={!mayCall}
            aria-label={`Call ${name}`}
          >
            Call
          </Button>
        </Group>
        <Text size="sm" role="status" style={{ overflowWrap: 'anywhere' }}>
          {call.isSuccess && (
            <>
              Returned <strong className="mono">{call.data.return_value}</strong>
            </>
          )}
          {call.isError && (
            <Text span c="error" size="sm">
              {messageOf(call.error)}
            </Text>
          )}
        </Text>
      </Stack>
    </form>
  );
}
