import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { downloadCsv } from '../../../ui/download-csv.ts';
import { tellError } from '../../../ui/toasts.tsx';
import { CSV_COLUMNS } from './csv-columns.ts';
import type { FleetDevice } from './fleet-device.ts';

export interface CsvMenuProps {
  readonly rows: readonly FleetDevice[];
  readonly total: number;
  /** Reads all devices that match. */
  readAll(onProgress: (read: number, total: number) => void): Promise<readonly FleetDevice[]>;
}

/** Saves the page, or all devices that match, as CSV. */
export function CsvMenu({ rows, total, readAll }: CsvMenuProps) {
  const [progress, setProgress] = useState<string>();
  const saveAll = async () => {
    setProgress('Reading…');
    try {
      const all = await readAll((read, of) =>
        setProgress(`${read.toLocaleString('en')} of ${of.toLocaleString('en')}`),
      );
      downloadCsv('devices', CSV_COLUMNS, all);
    } catch (error) {
      tellError(error);
    } finally {
      setProgress(undefined);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          disabled={progress !== undefined}
          leftSection={<IconDownload size={18} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {progress ?? 'CSV'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => downloadCsv('devices', CSV_COLUMNS, rows)}>
          This page ({rows.length.toLocaleString('en')})
        </Menu.Item>
        <Menu.Item onClick={saveAll}>All that match ({total.toLocaleString('en')})</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
