import { Alert, Button, Group, Select, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { Dialog } from './dialog.tsx';
import type { Rollout } from './rollouts.ts';

export interface RollBackDialogProps {
  readonly product: string;
  readonly rollout: Rollout;
  readonly opened: boolean;
  onClose(): void;
}

const RELEASE = 'release';

/** Takes a rollout back: to what is released otherwise, or to a version that is then released. Says afterwards what becomes of the devices. */
export function RollBackDialog({ product, rollout, opened, onClose }: RollBackDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Roll back version ${rollout.version}`}>
      <Fields product={product} rollout={rollout} onClose={onClose} />
    </Dialog>
  );
}

function Fields({ product, rollout, onClose }: Omit<RollBackDialogProps, 'opened'>) {
  const params = { productIdOrSlug: product };
  const isRelease = rollout.state === 'completed';
  const versions = useQuery(reading('listProductFirmware', { params }));
  const [to, setTo] = useState<string | null>(isRelease ? null : RELEASE);
  const [immediate, setImmediate] = useState(false);
  const rollBack = useChange({
    run: (target: string) =>
      api.call('controlRollout', {
        params: { ...params, rolloutId: rollout.id },
        body: { action: 'rollback', to: target === RELEASE ? RELEASE : Number(target), immediate },
      }),
    changes: [
      'getRollout',
      'listRollouts',
      'listRolloutDevices',
      'listRolloutTimeline',
      'listProductFirmware',
      'listGroups',
    ],
    done: () => 'The rollout is rolled back',
    showsError: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (to !== null && !rollBack.isPending) rollBack.mutate(to);
  };
  if (rollBack.data !== undefined) {
    return (
      <Stack>
        <Text role="status">{rollBack.data.taken_back?.text}</Text>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            Close
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>
          The rollout ends, and what it put devices on doesn't count any more. They get the older application and its
          assets. Parts of Device OS don't go back, and what the application stored stays as it is.
        </Text>
        <Text>A device that no longer connects cannot be helped over the air.</Text>
        <Select
          label="Back to"
          description={
            isRelease
              ? 'The rollout is completed, so that its version is the release. Choose the version to release in its place.'
              : 'What is released to the devices otherwise, or a version that is then released to the same targets.'
          }
          placeholder="Choose a version"
          required
          allowDeselect={false}
          data={[
            ...(isRelease ? [] : [{ value: RELEASE, label: 'What is released otherwise' }]),
            ...(versions.data ?? [])
              .filter(({ version, first_run_at }) => version !== rollout.version && first_run_at !== null)
              .map(({ version, title }) => ({ value: String(version), label: `Version ${version}: ${title}` })),
          ]}
          nothingFoundMessage="No other version has run on a device"
          value={to}
          onChange={setTo}
        />
        <Switch
          label="Don't wait for the handshake"
          description="Devices that are online and allow updates go back at once."
          checked={immediate}
          onChange={({ currentTarget: { checked } }) => setImmediate(checked)}
        />
        {rollBack.isError && (
          <Alert color="red" variant="outline" role="alert">
            {messageOf(rollBack.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red.9" disabled={to === null} loading={rollBack.isPending}>
            Roll back
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
