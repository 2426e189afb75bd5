import type { Input } from '@cloudchamber/contract';
import { Button, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { RollBackDialog } from './roll-back-dialog.tsx';
import { actionsIn, type Rollout } from './rollouts.ts';

type Control = NonNullable<Input<'controlRollout'>['body']>;

/** Pause, resume, abort and roll back, as far as the state of a rollout allows them. */
export function RolloutActions({ product, rollout }: { readonly product: string; readonly rollout: Rollout }) {
  const can = useCan({ kind: 'product', product });
  const [asking, setAsking] = useState<'abort' | 'rollback'>();
  const { id, state, version, failed } = rollout;
  const control = useChange({
    run: (body: Exclude<Control, FormData>) =>
      api.call('controlRollout', { params: { productIdOrSlug: product, rolloutId: id }, body }),
    changes: ['getRollout', 'listRollouts', 'listRolloutDevices', 'listRolloutTimeline', 'listProductFirmware'],
    done: ({ action }) => DONE[action],
    onDone: () => setAsking(undefined),
  });
  const actions = actionsIn(state);
  if (!can('firmware:release')) return null;
  return (
    <>
      {actions.pause && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          loading={control.isPending && control.variables.action === 'pause'}
          onClick={() => control.mutate({ action: 'pause' })}
        >
          Pause
        </Button>
      )}
      {actions.resume && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={control.isPending && control.variables.action === 'resume'}
          onClick={() => control.mutate({ action: 'resume' })}
          title={state === 'halted' ? `The ${failed} failures so far no longer count` : undefined}
        >
          Resume
        </Button>
      )}
      {actions.abort && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => setAsking('abort')}
        >
          Abort
        </Button>
      )}
      {actions.rollBack && (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          onClick={() => setAsking('rollback')}
        >
          Roll back
        </Button>
      )}
      <Confirm
        opened={asking === 'abort'}
        onClose={() => setAsking(undefined)}
        onConfirm={() => control.mutate({ action: 'abort' })}
        title={`Abort the rollout of version ${version}`}
        action="Abort the rollout"
        loading={control.isPending}
      >
        <Stack gap="sm">
          <Text>The rollout ends and cannot be resumed. Nothing more is offered to devices.</Text>
          <Text>
            Devices that run version {version} stay on it until something else is released to them. All others get what
            is released to them without the rollout.
          </Text>
        </Stack>
      </Confirm>
      <RollBackDialog
        product={product}
        rollout={rollout}
        opened={asking === 'rollback'}
        onClose={() => setAsking(undefined)}
      />
    </>
  );
}

const DONE = {
  pause: 'The rollout is paused',
  resume: 'The rollout goes on',
  abort: 'The rollout is aborted',
  rollback: 'The rollout is rolled back',
} as const;
