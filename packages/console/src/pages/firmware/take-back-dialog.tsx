import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { ImpactText } from './impact-text.tsx';
import { targetsOf, targetsText } from './releases.ts';
import type { VersionDialogProps } from './version-dialogs.tsx';

/** Takes the release of a version back: nobody is targeted by it any more. */
export function TakeBackDialog({ product, version, onClose }: VersionDialogProps) {
  const params = { productIdOrSlug: product };
  const impact = useQuery({
    ...reading('getReleaseImpact', {
      params,
      query: { action: 'edit_groups_for_firmware', firmware_version: version?.version ?? 0, product_default: false },
    }),
    enabled: version !== undefined,
    staleTime: 0,
  });
  const takeBack = useChange({
    run: (number: number) =>
      api.call('releaseProductFirmware', { params, body: { version: number, product_default: false, groups: [] } }),
    changes: ['listProductFirmware', 'getProductFirmware', 'listGroups', 'getReleaseImpact'],
    done: (number) => `The release of version ${number} is taken back`,
    onDone: onClose,
  });
  const targets = version === undefined ? undefined : targetsText(targetsOf(version));
  return (
    <Confirm
      opened={version !== undefined}
      onClose={onClose}
      onConfirm={() => version && takeBack.mutate(version.version)}
      title={`Take back the release of version ${version?.version ?? ''}`}
      action="Take back the release"
      loading={takeBack.isPending}
    >
      <Stack gap="sm">
        <Text>It is released to {targets ?? 'nobody'} now, and to nobody then.</Text>
        <Text>
          Devices that run it keep running it until something else is released to them. Those for which another release
          counts then are updated to that at their next handshake:
        </Text>
        <Loaded query={impact} lines={1}>
          {(data) => <ImpactText impact={data} />}
        </Loaded>
      </Stack>
    </Confirm>
  );
}
