import { Alert, Anchor, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf, tellDone } from '../../ui/toasts.tsx';
import { devicesText } from './format.ts';
import { ReleaseSummary } from './release-summary.tsx';
import {
  type Impact,
  isSameImpact,
  lostTargets,
  type Targets,
  targetsOf,
  targetsText,
  type Version,
} from './releases.ts';
import { TargetFields } from './target-fields.tsx';

export interface ReleaseFormProps {
  readonly product: string;
  readonly version: Version;
  readonly versions: readonly Version[];
  onClose(): void;
  onRollout(): void;
}

/** While the dialog is open, devices and groups may change without a word on the stream of firmware. */
const LOOK_AGAIN_MS = 10_000;

/** Targets, what the release does to whom, and the button. The impact is asked for once more before anything is released (OTA-10). */
export function ReleaseForm({ product, version, versions, onClose, onRollout }: ReleaseFormProps) {
  const queries = useQueryClient();
  const params = { productIdOrSlug: product };
  const before = targetsOf(version);
  const [targets, setTargets] = useState<Targets>(before);
  const [immediate, setImmediate] = useState(false);
  const [changed, setChanged] = useState<{ readonly from: Impact; readonly to: Impact }>();
  const chosen = targetsText(targets);
  const impactOptions = reading('getReleaseImpact', {
    params,
    query: {
      action: 'edit_groups_for_firmware',
      firmware_version: version.version,
      product_default: targets.productDefault,
      groups: [...targets.groups],
    },
  });
  const impact = useQuery({
    ...impactOptions,
    enabled: chosen !== undefined,
    staleTime: 0,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const release = useChange({
    run: async (seen: Impact) => {
      const now = await queries.fetchQuery({ ...impactOptions, staleTime: 0 });
      if (!isSameImpact(seen, now)) return now;
      await api.call('releaseProductFirmware', {
        params,
        body: {
          version: version.version,
          product_default: targets.productDefault,
          groups: [...targets.groups],
          intelligent: immediate,
        },
      });
      return 'released' as const;
    },
    changes: ['listProductFirmware', 'getProductFirmware', 'listGroups', 'getReleaseImpact'],
    onDone: (result, seen) => {
      if (result !== 'released') {
        setChanged({ from: seen, to: result });
        return;
      }
      tellDone(`Version ${version.version} is released to ${chosen ?? 'nobody'}`);
      onClose();
    },
    showsError: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChanged(undefined);
    if (impact.data !== undefined && chosen !== undefined && !release.isPending) release.mutate(impact.data);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TargetFields
          product={product}
          targets={targets}
          onChange={(next) => {
            setTargets(next);
            setChanged(undefined);
            release.reset();
          }}
          currentDefault={versions.find(({ product_default }) => product_default)}
        />
        <Switch
          label="Don't wait for the handshake"
          description="Devices that are online and allow updates get it at once, others at their next handshake."
          checked={immediate}
          onChange={({ currentTarget: { checked } }) => setImmediate(checked)}
        />
        <ReleaseSummary
          version={version}
          targets={chosen}
          lost={targetsText(lostTargets(before, targets))}
          impact={impact}
          immediate={immediate}
        />
        {changed !== undefined && (
          <Alert
            variant="default"
            icon={<IconAlertTriangle aria-hidden />}
            role="alert"
            title="The impacted devices have changed"
          >
            {devicesText(changed.from.devices.firmware_update.total)} before,{' '}
            {devicesText(changed.to.devices.firmware_update.total)} now. Nothing is released yet: look at it once more,
            then release.
          </Alert>
        )}
        {release.isError && (
          <Alert color="red" variant="outline" role="alert" title="Nothing is released">
            {messageOf(release.error)}
          </Alert>
        )}
        <Group justify="space-between">
          <Text size="sm">
            <Anchor component="button" type="button" inherit onClick={onRollout}>
              Release in steps instead
            </Anchor>
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={release.isPending}
              disabled={chosen === undefined || impact.data === undefined}
            >
              Release this firmware
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
