import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useChange } from '../../../data/use-change.ts';
import { CopyIcon } from '../../../ui/copy.tsx';
import { messageOf } from '../../../ui/toasts.tsx';
import { useDevice } from './device-context.ts';
import { Panel } from './panel.tsx';

/** The variables of the device, each read when it is asked for (UI-30). */
export function VariablesPanel() {
  const { device, can } = useDevice();
  const variables = device.variables === null ? null : Object.entries(device.variables);
  return (
    <Panel title="Variables">
      {variables === null && <Text c="dimmed">The device has not described itself yet.</Text>}
      {variables?.length === 0 && (
        <Text c="dimmed" size="sm">
          Its firmware has none. In firmware, <code>Particle.variable("level", level)</code> makes one.
        </Text>
      )}
      {variables?.map(([name, type]) => (
        <VariableRow key={name} name={name} type={type} mayRead={can('devices.variable:get')} />
      ))}
    </Panel>
  );
}

interface VariableRowProps {
  readonly name: string;
  readonly type: string;
  readonly mayRead: boolean;
}

function VariableRow({ name, type, mayRead }: VariableRowProps) {
  const { api } = useDevice();
  const read = useChange({ run: () => api.readVariable(name), changes: [], showsError: true });
  const value = read.data === undefined ? undefined : String(read.data.result);
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap="xs" style={{ minWidth: 0 }}>
          <Text size="sm" fw={500} className="mono">
            {name}
          </Text>
          <Badge variant="default" tt="none" size="sm">
            {type}
          </Badge>
        </Group>
        <Button
          variant="default"
          loading={read.isPending}
          disabled={!mayRead}
          onClick={() => read.mutate()}
          aria-label={`Get ${name}`}
        >
          Get
        </Button>
      </Group>
      <Text size="sm" component="div" role="status">
        {value !== undefined && read.isSuccess && (
          <Group gap={4} wrap="nowrap" align="flex-start">
            <span className="mono">{value === '' ? '(empty)' : value}</span>
            <CopyIcon value={value} what={`value of ${name}`} />
          </Group>
        )}
        {read.isError && (
          <Text span c="error" size="sm">
            {messageOf(read.error)}
          </Text>
        )}
      </Text>
    </Stack>
  );
}
