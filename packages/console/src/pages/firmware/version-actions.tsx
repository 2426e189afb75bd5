import { paths } from 'virtual:operation-paths';
import { addressOf } from '@cloudchamber/contract/client';
import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconArchive,
  IconArchiveOff,
  IconArrowBackUp,
  IconDotsVertical,
  IconDownload,
  IconPencil,
  IconRocket,
  IconStairs,
  IconTrash,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { useCan } from '../../data/permissions.ts';
import type { Version } from './releases.ts';
import { useArchive } from './use-archive.ts';
import type { DialogKind } from './version-dialogs.tsx';
import classes from './versions.module.css';

export interface VersionActionsProps {
  readonly product: string;
  readonly version: Version;
  onOpen(kind: DialogKind): void;
}

/** Edit and Release firmware, which show on hover and focus; and a menu with everything, which fingers and keyboards reach too. */
export function VersionActions({ product, version, onOpen }: VersionActionsProps) {
  const can = useCan({ kind: 'product', product });
  const archive = useArchive(product, version);
  const { archived, product_default, groups } = version;
  const canEdit = can('firmware:update');
  const canRelease = can('firmware:release') && !archived;
  const isReleased = product_default || groups.length > 0;
  const [, binary = ''] = paths.downloadProductFirmware ?? [];
  const file = addressOf(binary, { params: { productIdOrSlug: product, version: version.version } });
  const target = useRef<HTMLButtonElement>(null);
  // The item is gone when the dialog closes: focus returns to the menu's button then.
  const open = (kind: DialogKind) => {
    target.current?.focus();
    onOpen(kind);
  };
  if (!canEdit && !canRelease && !can('firmware.binary:get')) return <div className={classes.actions} />;
  return (
    <div className={classes.actions}>
      <div className={classes.onHover}>
        {canEdit && (
          <Button size="xs" variant="default" onClick={() => onOpen('edit')}>
            Edit
          </Button>
        )}
        {canRelease && (
          <Button size="xs" onClick={() => onOpen('release')}>
            Release firmware
          </Button>
        )}
      </div>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon
            ref={target}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Actions for version ${version.version}`}
          >
            <IconDotsVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {canRelease && (
            <>
              <Menu.Item leftSection={<IconRocket size={16} aria-hidden />} onClick={() => open('release')}>
                Release firmware
              </Menu.Item>
              <Menu.Item leftSection={<IconStairs size={16} aria-hidden />} onClick={() => open('rollout')}>
                Release in steps
              </Menu.Item>
              {isReleased && (
                <Menu.Item leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={() => open('take-back')}>
                  Take back the release
                </Menu.Item>
              )}
              <Menu.Divider />
            </>
          )}
          {canEdit && (
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => open('edit')}>
              Edit
            </Menu.Item>
          )}
          {can('firmware.binary:get') && (
            <Menu.Item component="a" href={file} download leftSection={<IconDownload size={16} aria-hidden />}>
              Download
            </Menu.Item>
          )}
          {canEdit && (
            <Menu.Item
              leftSection={archived ? <IconArchiveOff size={16} aria-hidden /> : <IconArchive size={16} aria-hidden />}
              onClick={() => archive.mutate()}
            >
              {archived ? 'Use again' : 'Archive'}
            </Menu.Item>
          )}
          {can('firmware:remove') && (
            <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => open('delete')}>
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
