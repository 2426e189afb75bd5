import type { FleetDevice, FleetPage } from './fleet-device.ts';

/** The most that a page may have. */
const PER_PAGE = 1000;

export interface WalkOptions {
  /** Reads one page. @param page from 1 */
  read(page: number, perPage: number): Promise<FleetPage>;
  /** @param read devices so far @param total devices of all pages, as the last page said */
  onProgress(read: number, total: number): void;
}

/** Reads all pages, one after the other. @returns every device once, also when some moved between pages meanwhile. Rejects as `read` does. */
export async function walkPages({ read, onProgress }: WalkOptions): Promise<FleetDevice[]> {
  const devices = new Map<string, FleetDevice>();
  for (let page = 1; ; page += 1) {
    const { devices: some, meta } = await read(page, PER_PAGE);
    for (const device of some) devices.set(device.id, device);
    onProgress(devices.size, meta.total);
    if (page >= meta.total_pages) return [...devices.values()];
  }
}
