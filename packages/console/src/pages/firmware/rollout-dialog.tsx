import { Alert, Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { Dialog } from './dialog.tsx';
import { ImpactText } from './impact-text.tsx';
import type { Version } from './releases.ts';
import { type RolloutFields, rolloutBody, rolloutErrors, usualSteps } from './rollout-form.ts';
import { StepsEditor } from './steps-editor.tsx';
import { TargetFields } from './target-fields.tsx';
import { OnceTried } from './try-on-device.tsx';
import type { VersionDialogProps } from './version-dialogs.tsx';

/** Begins a rollout: a release in steps. */
export function RolloutDialog({ product, version, onClose }: VersionDialogProps) {
  return (
    <Dialog
      opened={version !== undefined}
      onClose={onClose}
      title={`Release version ${version?.version ?? ''} in steps`}
      size="xl"
    >
      {version !== undefined && (
        <OnceTried product={product} version={version} onClose={onClose}>
          <Fields product={product} version={version} onClose={onClose} />
        </OnceTried>
      )}
    </Dialog>
  );
}

function Fields({ product, version, onClose }: VersionDialogProps & { readonly version: Version }) {
  const navigate = useNavigate();
  const params = { productIdOrSlug: product };
  const versions = useQuery(reading('listProductFirmware', { params, query: { archived: 'true' } }));
  const form = useForm<RolloutFields>({
    initialValues: {
      productDefault: version.product_default,
      groups: version.groups,
      steps: usualSteps(),
      pauseMinutes: 60,
      failureThresholdPercent: 2,
      deadlineMinutes: 1440,
      immediate: false,
    },
    validate: rolloutErrors,
    validateInputOnBlur: true,
  });
  const { productDefault, groups } = form.values;
  const hasTargets = productDefault || groups.length > 0;
  const impact = useQuery({
    ...reading('getReleaseImpact', {
      params,
      query: {
        action: 'edit_groups_for_firmware',
        firmware_version: version.version,
        product_default: productDefault,
        groups,
      },
    }),
    enabled: hasTargets,
    staleTime: 0,
  });
  const begin = useChange({
    run: (fields: RolloutFields) => api.call('createRollout', { params, body: rolloutBody(version.version, fields) }),
    changes: ['listRollouts', 'listProductFirmware'],
    done: () => `The rollout of version ${version.version} has begun`,
    onDone: ({ rollout }) => {
      onClose();
      void navigate({ to: '/products/$product/rollouts/$rolloutId', params: { product, rolloutId: rollout.id } });
    },
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((fields) => begin.mutate(fields))}>
      <Stack gap="lg">
        <Text>
          A few devices of the targets get version {version.version} first. When they run it, the next step begins after
          a pause. When too many fail, the rollout halts by itself.
        </Text>
        <TargetFields
          product={product}
          targets={{ productDefault, groups }}
          onChange={(targets) => {
            form.setFieldValue('productDefault', targets.productDefault);
            form.setFieldValue('groups', [...targets.groups]);
            form.clearFieldError('groups');
          }}
          currentDefault={versions.data?.find(({ product_default }) => product_default)}
          error={form.errors.groups}
        />
        {hasTargets && impact.data !== undefined && (
          <Stack gap={2}>
            <Text size="sm" c="dimmed">
              Impacted devices, when it is completed
            </Text>
            <ImpactText impact={impact.data} />
          </Stack>
        )}
        <StepsEditor product={product} form={form} />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberInput
            label="Pause after a step"
            description="Time to see whether devices are well"
            suffix=" min"
            min={0}
            max={43_200}
            allowDecimal={false}
            {...form.getInputProps('pauseMinutes')}
          />
          <NumberInput
            label="Failure threshold"
            description="More failures than this halt it"
            suffix=" %"
            min={0}
            max={100}
            {...form.getInputProps('failureThresholdPercent')}
          />
          <NumberInput
            label="Deadline of a device"
            description="It counts as failed after that"
            suffix=" min"
            min={5}
            max={43_200}
            allowDecimal={false}
            {...form.getInputProps('deadlineMinutes')}
          />
        </SimpleGrid>
        <Switch
          label="Don't wait for the handshake"
          description="Devices of a step that are online and allow updates get it at once, others at their next handshake."
          {...form.getInputProps('immediate', { type: 'checkbox' })}
        />
        {begin.isError && (
          <Alert color="red" variant="outline" role="alert" title="The rollout was not begun">
            {messageOf(begin.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={begin.isPending}>
            Begin the rollout
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
