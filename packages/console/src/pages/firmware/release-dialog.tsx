import { Text } from '@mantine/core';
import { Dialog } from './dialog.tsx';
import { ReleaseForm } from './release-form.tsx';
import type { Version } from './releases.ts';
import { OnceTried } from './try-on-device.tsx';
import type { VersionDialogProps } from './version-dialogs.tsx';

export interface ReleaseDialogProps extends VersionDialogProps {
  readonly versions: readonly Version[];
  /** Releases it in steps instead. */
  onRollout(): void;
}

/** Releases a version; before it has run on a device of the product, it says how to get there (OTA-08). */
export function ReleaseDialog({ version, ...others }: ReleaseDialogProps) {
  const { product, onClose } = others;
  return (
    <Dialog
      opened={version !== undefined}
      onClose={onClose}
      title={`Release firmware version ${version?.version ?? ''}`}
    >
      {version !== undefined && (
        <>
          <Text fw={600} mb="sm" style={{ overflowWrap: 'anywhere' }}>
            {version.title}
          </Text>
          <OnceTried product={product} version={version} onClose={onClose}>
            <ReleaseForm version={version} {...others} />
          </OnceTried>
        </>
      )}
    </Dialog>
  );
}
