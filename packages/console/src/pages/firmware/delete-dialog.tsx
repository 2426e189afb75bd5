import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { messageOf } from '../../ui/toasts.tsx';
import { Dialog } from './dialog.tsx';
import type { Version } from './releases.ts';
import { useArchive } from './use-archive.ts';
import type { VersionDialogProps } from './version-dialogs.tsx';

/** Deletes a version that was never released (OTA-07); of another one it says why not. */
export function DeleteDialog({ product, version, onClose }: VersionDialogProps) {
  const remove = useChange({
    run: (number: number) =>
      api.call('deleteProductFirmware', { params: { productIdOrSlug: product, version: String(number) } }),
    changes: ['listProductFirmware'],
    done: (number) => `Version ${number} is deleted`,
    onDone: onClose,
    showsError: true,
  });
  const close = () => {
    remove.reset();
    onClose();
  };
  if (version?.first_released_at != null) return <Kept product={product} version={version} onClose={onClose} />;
  return (
    <Confirm
      opened={version !== undefined}
      onClose={close}
      onConfirm={() => version && remove.mutate(version.version)}
      title={`Delete version ${version?.version ?? ''}`}
      action="Delete version"
      typed={String(version?.version ?? '')}
      loading={remove.isPending}
    >
      <Stack gap="sm">
        <Text>
          The file of “{version?.title}” is gone then, and the number is free for another upload. Devices that run it
          keep running it.
        </Text>
        {remove.isError && (
          <Alert color="red" variant="outline" role="alert">
            {messageOf(remove.error)}
          </Alert>
        )}
      </Stack>
    </Confirm>
  );
}

function Kept({ product, version, onClose }: VersionDialogProps & { readonly version: Version }) {
  const archive = useArchive(product, version);
  return (
    <Dialog opened onClose={onClose} title={`Version ${version.version} cannot be deleted`} size="md">
      <Stack>
        <Text>
          It was released, and devices may run it: only a version that was never released can be deleted. Archive it
          instead. Then it is out of the list, and can neither be released nor be locked to.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {!version.archived && (
            <Button onClick={() => archive.mutate(undefined, { onSuccess: onClose })} loading={archive.isPending}>
              Archive
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
