import { Alert, Button, Group, List, Modal, Progress, Select, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { DEVICE_READS } from '../../../components/edit-device/device-reads.ts';
import { versionChoices } from '../../../components/edit-device/firmware-words.ts';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { messageOf, tellDone } from '../../../ui/toasts.tsx';
import { bodyOf, EACH_WORDS, type EachAction } from './each-action.ts';
import { type Failure, runEach } from './run-each.ts';

export interface EachDialogProps {
  /** Id or slug. */
  readonly product: string;
  readonly ids: readonly string[];
  readonly action: EachAction | undefined;
  onClose(): void;
}

/** Each device is a request of its own: more of them are better done by groups and releases. */
const MOST = 1000;
const wait = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** Locks, unlocks or marks devices one by one, and says which could not be changed. */
export function EachDialog({ product, ids, action, onClose }: EachDialogProps) {
  const [running, setRunning] = useState(false);
  const close = () => {
    if (!running) onClose();
  };
  return (
    <Modal
      opened={action !== undefined}
      onClose={close}
      title={action === undefined ? '' : EACH_WORDS[action].title}
      closeButtonProps={{ 'aria-label': 'Close', disabled: running }}
    >
      {action !== undefined && (
        <EachForm product={product} ids={ids} action={action} onClose={onClose} onRunning={setRunning} />
      )}
    </Modal>
  );
}

interface EachFormProps extends EachDialogProps {
  readonly action: EachAction;
  onRunning(running: boolean): void;
}

function EachForm({ product, ids, action, onClose, onRunning }: EachFormProps) {
  const queries = useQueryClient();
  const [version, setVersion] = useState<string | null>(null);
  const [done, setDone] = useState<number>();
  const [failures, setFailures] = useState<readonly Failure[]>();
  const body = bodyOf(action, version === null ? undefined : Number(version));
  const words = EACH_WORDS[action];
  const count = `${ids.length.toLocaleString('en')} ${ids.length === 1 ? 'device' : 'devices'}`;
  const isOver = failures !== undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (body === undefined || done !== undefined || ids.length > MOST) return;
    setDone(0);
    onRunning(true);
    const failed = await runEach({
      ids,
      run: (deviceId) => api.call('updateProductDevice', { params: { productIdOrSlug: product, deviceId }, body }),
      onProgress: setDone,
      wait,
    });
    onRunning(false);
    setFailures(failed);
    for (const name of DEVICE_READS) void queries.invalidateQueries({ queryKey: [name] });
    if (failed.length > 0) return;
    tellDone(`${words.title}: ${count} changed`);
    onClose();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Changes {count}. {words.about}
        </Text>
        {action === 'lock' && <VersionField product={product} value={version} onChange={setVersion} />}
        {ids.length > MOST && (
          <Alert color="red" variant="outline" role="alert">
            At most {MOST.toLocaleString('en')} devices at a time. For more, put them into a group and release firmware
            to that.
          </Alert>
        )}
        {done !== undefined && (
          <div role="status">
            <Text size="sm" mb={4}>
              {done.toLocaleString('en')} of {count}
            </Text>
            <Progress value={(100 * done) / ids.length} aria-label="Progress" />
          </div>
        )}
        {failures !== undefined && failures.length > 0 && <Failures failures={failures} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={done !== undefined && !isOver}>
            {isOver ? 'Close' : 'Cancel'}
          </Button>
          {!isOver && (
            <Button type="submit" disabled={body === undefined || ids.length > MOST} loading={done !== undefined}>
              {words.action}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

interface VersionFieldProps extends Pick<EachDialogProps, 'product'> {
  readonly value: string | null;
  onChange(version: string | null): void;
}

function VersionField({ product, value, onChange }: VersionFieldProps) {
  const versions = useQuery(reading('listProductFirmware', { params: { productIdOrSlug: product } }));
  return (
    <Select
      label="Version"
      placeholder={versions.isPending ? 'Reading the versions…' : 'Choose a version'}
      data={versionChoices(versions.data ?? [])}
      value={value}
      onChange={onChange}
      error={versions.isError ? messageOf(versions.error) : undefined}
      searchable
      nothingFoundMessage="The product has no such firmware"
    />
  );
}

function Failures({ failures }: { readonly failures: readonly Failure[] }) {
  return (
    <Alert color="red" variant="outline" role="alert" title={`${failures.length} could not be changed`}>
      <List size="sm" mah={200} style={{ overflow: 'auto' }} tabIndex={0}>
        {failures.map(({ id, error }) => (
          <List.Item key={id}>
            <span className="mono">{id}</span>: {messageOf(error)}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
