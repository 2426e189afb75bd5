import { DeleteDialog } from './delete-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { ReleaseDialog } from './release-dialog.tsx';
import type { Version } from './releases.ts';
import { RolloutDialog } from './rollout-dialog.tsx';
import { TakeBackDialog } from './take-back-dialog.tsx';

export type DialogKind = 'edit' | 'delete' | 'release' | 'rollout' | 'take-back';

export interface OpenDialog {
  readonly kind: DialogKind;
  readonly version: number;
}

export interface VersionDialogsProps {
  readonly product: string;
  readonly versions: readonly Version[];
  readonly dialog: OpenDialog | undefined;
  onOpen(dialog: OpenDialog | undefined): void;
}

/** The dialogs about one version; one of them is open at a time. Each knows the version as it is now. */
export function VersionDialogs({ product, versions, dialog, onOpen }: VersionDialogsProps) {
  const version = versions.find((one) => one.version === dialog?.version);
  const about = (kind: DialogKind) => ({
    product,
    version: dialog?.kind === kind ? version : undefined,
    onClose: () => onOpen(undefined),
  });
  const open = (kind: DialogKind) => () => onOpen(version && { kind, version: version.version });
  return (
    <>
      <EditDialog {...about('edit')} onDelete={open('delete')} />
      <DeleteDialog {...about('delete')} />
      <ReleaseDialog {...about('release')} versions={versions} onRollout={open('rollout')} />
      <RolloutDialog {...about('rollout')} />
      <TakeBackDialog {...about('take-back')} />
    </>
  );
}

/** What a dialog about a version takes; it is closed while there is none. */
export interface VersionDialogProps {
  readonly product: string;
  readonly version: Version | undefined;
  onClose(): void;
}
