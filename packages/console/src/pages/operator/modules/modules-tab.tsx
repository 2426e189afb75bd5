import type { Output } from '@cloudchamber/contract';
import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconBinary, IconDownload, IconTrash, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { typeName } from '../../../components/device-type/type-name.ts';
import { usePlatforms } from '../../../components/device-type/use-platforms.ts';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useSession } from '../../../data/session.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Command } from '../../../ui/copy.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Time } from '../../../ui/time.tsx';
import { UploadModules } from './upload-modules.tsx';

type Module = Output<'listFirmwareModules'>['modules'][number];

const KINDS: Readonly<Record<Module['function'], string>> = {
  bootloader: 'Bootloader',
  system_part: 'System part',
  application: 'Application',
  ncp_firmware: 'Network processor firmware',
  radio_stack: 'Radio stack',
  other: 'Other',
};

const nameOf = ({ name, function: kind, index, version }: Module): string =>
  name ?? `${KINDS[kind]}${index > 0 ? ` ${index}` : ''}, version ${version}`;

/** The library of modules that devices get when an application needs them and they lack them. */
export function ModulesTab() {
  const modules = useQuery(reading('listFirmwareModules'));
  const platforms = usePlatforms();
  const [isUploading, setIsUploading] = useState(false);
  const [deleted, setDeleted] = useState<Module>();
  const remove = useChange({
    run: ({ id }: Module) => api.call('removeFirmwareModule', { params: { moduleId: id } }),
    changes: ['listFirmwareModules'],
    done: (module) => `${nameOf(module)} is deleted`,
    onDone: () => setDeleted(undefined),
  });
  const columns = moduleColumns((id) => typeName(platforms, id), setDeleted);
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Text size="sm" c="dimmed" style={{ flex: '1 1 300px' }}>
          When an application needs a newer Device OS than a device has, the cloud brings these first. Named
          applications, such as tinker, are flashed by their name.
        </Text>
        <Button leftSection={<IconUpload size={18} aria-hidden />} onClick={() => setIsUploading(true)}>
          Upload modules
        </Button>
      </Group>
      <DataTable
        label="Device OS modules"
        query={modules}
        rowsOf={(data) => data.modules}
        keyOf={({ id }) => id}
        columns={columns}
        empty={<NoModules />}
      />
      <UploadModules opened={isUploading} onClose={() => setIsUploading(false)} />
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        onConfirm={() => deleted !== undefined && remove.mutate(deleted)}
        title="Delete this module?"
        action="Delete the module"
        loading={remove.isPending}
      >
        {`${deleted === undefined ? '' : nameOf(deleted)}: devices that need it cannot get it any more until it is uploaded again. Updates that are under way with it go on.`}
      </Confirm>
    </Stack>
  );
}

function NoModules() {
  const { publicUrl } = useSession().cloud;
  return (
    <EmptyState icon={<IconBinary size={40} stroke={1.5} aria-hidden />} title="No modules were uploaded yet">
      <Text c="dimmed" ta="center">
        Upload the .bin files of a release of Device OS for your kinds of hardware, here or from a shell with an access
        token in TOKEN:
      </Text>
      <Command>{`curl ${publicUrl}/v1/firmware-modules -H "Authorization: Bearer $TOKEN" -F file=@system-part1.bin -F file2=@bootloader.bin`}</Command>
    </EmptyState>
  );
}

function moduleColumns(
  platformName: (id: number) => string,
  onDelete: (module: Module) => void,
): readonly Column<Module>[] {
  return [
    { title: 'Hardware', cell: ({ platform_id: id }) => platformName(id) },
    { title: 'Kind', cell: ({ function: kind, index }) => `${KINDS[kind]}${index > 0 ? ` ${index}` : ''}` },
    { title: 'Name', cell: ({ name }) => name ?? '' },
    { title: 'Version', align: 'right', cell: ({ version }) => version },
    {
      title: 'Needs',
      cell: ({ dependencies }) =>
        dependencies.map((one) => `${KINDS[one.function]} ${one.index}: ${one.version}`).join(', ') || 'Nothing',
    },
    { title: 'Size', align: 'right', cell: ({ size }) => `${Math.ceil(size / 1024).toLocaleString('en')} KiB` },
    { title: 'Uploaded', cell: ({ uploaded_at: at }) => <Time at={at} /> },
    {
      title: 'Actions',
      align: 'right',
      cell: (module) => (
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <ActionIcon
            component="a"
            href={`/v1/firmware-modules/${module.id}/binary`}
            download
            variant="subtle"
            color="gray"
            aria-label={`Download ${nameOf(module)}`}
          >
            <IconDownload size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => onDelete(module)}
            aria-label={`Delete ${nameOf(module)}`}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ),
    },
  ];
}
