import { Alert, Button, Group, Progress, Stack, Switch, Text, Textarea } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import { DEVICE_READS } from '../../../components/edit-device/device-reads.ts';
import { GroupsInput } from '../../../components/groups-input/groups-input.tsx';
import { api } from '../../../data/api.ts';
import { useCan } from '../../../data/permissions.ts';
import { useUser } from '../../../data/session.ts';
import { useChange } from '../../../data/use-change.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { readIdList } from './id-list.ts';
import { ListDrop } from './list-drop.tsx';
import { type ImportedLine, runImport } from './run-import.ts';

export interface ImportFormProps {
  /** Id or slug. */
  readonly product: string;
  onRunning(running: boolean): void;
  onDone(lines: readonly ImportedLine[]): void;
  onCancel(): void;
}

/** Devices of one change of groups. */
const MOST_GROUPED = 10_000;

/** Takes a list of devices, and what is to be done with them. */
export function ImportForm({ product, onRunning, onDone, onCancel }: ImportFormProps) {
  const can = useCan({ kind: 'product', product });
  const user = useUser();
  const [text, setText] = useState('');
  const [file, setFile] = useState<string>();
  const [claim, setClaim] = useState(false);
  const [groups, setGroups] = useState<string[]>([]);
  const [done, setDone] = useState(0);
  const { lines, repeated } = useMemo(() => readIdList(text), [text]);
  const params = { productIdOrSlug: product };
  const importing = useChange({
    run: async () => {
      onRunning(true);
      setDone(0);
      const found = await runImport({
        lines,
        send: (ids) =>
          api.call('importDevices', { params, body: { ids, ...(claim && { claim_user: user.username }) } }),
        onProgress: setDone,
      });
      const ids = found.filter(({ outcome }) => outcome === 'imported' || outcome === 'existing').map(({ id }) => id);
      if (groups.length === 0) return found;
      for (let at = 0; at < ids.length; at += MOST_GROUPED) {
        const devices = ids.slice(at, at + MOST_GROUPED);
        await api.call('changeDeviceGroups', {
          params,
          body: { action: 'groups', devices, metadata: { add: groups } },
        });
      }
      return found;
    },
    changes: DEVICE_READS,
    onDone,
    showsError: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (lines.length > 0 && !importing.isPending) importing.mutate(undefined, { onSettled: () => onRunning(false) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ListDrop
          name={file}
          disabled={importing.isPending}
          onText={(content, name) => {
            setText(content);
            setFile(name);
          }}
        />
        <Textarea
          label="Device IDs"
          description="Or paste them: one on each line. Serial numbers, IMEIs and ICCIDs do as well."
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setFile(undefined);
          }}
          rows={3}
          classNames={{ input: 'mono' }}
          spellCheck={false}
          disabled={importing.isPending}
        />
        <Text size="sm" role="status">
          {countText(lines.length, repeated)}
        </Text>
        <Text size="sm" c="dimmed">
          Devices that somebody outside of your team has claimed can't be imported: each must belong to a team member,
          to a customer of the product, or to nobody. Its key is registered with this cloud before.
        </Text>
        {can('devices:update') && (
          <GroupsInput
            product={product}
            label="Put them into groups"
            description="Also those that are in the product already."
            value={groups}
            onChange={setGroups}
          />
        )}
        <Switch
          label="Claim devices that nobody owns to my account"
          description="Left off, they stay without an owner."
          checked={claim}
          onChange={(event) => setClaim(event.currentTarget.checked)}
        />
        <Alert variant="outline" color="blue" icon={<IconInfoCircle aria-hidden />}>
          Imported devices will be updated over the air to released firmware the next time they connect.
        </Alert>
        {importing.isPending && (
          <Progress value={(100 * done) / Math.max(1, lines.length)} aria-label="Lines that were sent" />
        )}
        {importing.isError && <ErrorState error={importing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel} disabled={importing.isPending}>
            Cancel
          </Button>
          <Button type="submit" disabled={lines.length === 0} loading={importing.isPending}>
            {lines.length === 0 ? 'Import' : `Import ${numbered(lines.length)}`}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function numbered(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'device' : 'devices'}`;
}

function countText(count: number, repeated: number): string {
  const again = repeated === 0 ? '' : `, ${repeated.toLocaleString('en')} repeated`;
  return count === 0 ? 'No device is named yet.' : `${numbered(count)} in the list${again}.`;
}
