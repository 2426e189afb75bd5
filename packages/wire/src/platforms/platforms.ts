/** How a device reaches the network, its usual way first. */
type Wireless = 'wifi' | 'cellular' | 'mesh' | 'wired';

/** One kind of hardware, as Device OS tells them apart. Boards that run the same Device OS build share one: they can be in the same product (PRD-03, X-5). */
export interface Platform {
  /** What Hello carries and firmware images are made for. */
  readonly id: number;
  /** The short name that tools use. */
  readonly name: string;
  readonly displayName: string;
  /** The device types that it stands for. */
  readonly deviceTypes: readonly string[];
  /** Of the hardware (NET-01); null where that does not apply. */
  readonly generation: number | null;
  readonly wireless: readonly Wireless[];
  /** DTLS over UDP (CON-02) or AES over TCP (CON-03). */
  readonly transport: 'udp' | 'tcp';
}

/** Every platform, by id. */
export const platforms: readonly Platform[] = [
  platform(0, 'core', 'Spark Core', 1, ['wifi'], 'tcp'),
  platform(3, 'gcc', 'Virtual device', null, ['wired'], 'udp'),
  platform(6, 'photon', 'Photon', 2, ['wifi'], 'tcp'),
  platform(8, 'p1', 'P1', 2, ['wifi'], 'tcp'),
  platform(10, 'electron', 'Electron / E Series', 2, ['cellular'], 'udp', ['Electron', 'E Series']),
  platform(12, 'argon', 'Argon', 3, ['wifi'], 'udp'),
  platform(13, 'boron', 'Boron', 3, ['cellular'], 'udp'),
  platform(14, 'xenon', 'Xenon', 3, ['mesh'], 'udp'),
  platform(15, 'esomx', 'E SoM X', 3, ['cellular'], 'udp'),
  platform(22, 'asom', 'A SoM', 3, ['wifi'], 'udp'),
  platform(23, 'bsom', 'B4xx SoM', 3, ['cellular'], 'udp'),
  platform(24, 'xsom', 'X SoM', 3, ['mesh'], 'udp'),
  platform(25, 'b5som', 'B5xx SoM', 3, ['cellular'], 'udp'),
  platform(26, 'tracker', 'Tracker SoM / Tracker One', 3, ['cellular'], 'udp', ['Tracker SoM', 'Tracker One']),
  platform(28, 'trackerm', 'Tracker M', 4, ['cellular', 'wifi'], 'udp'),
  platform(32, 'p2', 'P2 / Photon 2', 3, ['wifi'], 'udp', ['P2', 'Photon 2']),
  platform(35, 'msom', 'M SoM', 4, ['cellular', 'wifi'], 'udp'),
  platform(37, 'electron2', 'Electron 2', 4, ['cellular'], 'udp'),
  platform(38, 'sulu', 'Sulu', 4, ['wifi'], 'udp'),
  platform(42, 'tachyon', 'Tachyon', 4, ['cellular', 'wifi'], 'udp'),
  platform(43, 'linux', 'Linux', null, ['wired'], 'udp'),
];

const byId: ReadonlyMap<number, Platform> = new Map(platforms.map((one) => [one.id, one]));

/** The platform with this id, or undefined. */
export function findPlatform(id: number): Platform | undefined {
  return byId.get(id);
}

/** Is it hardware with a cellular modem? By platform id, as in Hello. The API shows SIM fields for these only. */
export function isCellular(platformId: number): boolean {
  return byId.get(platformId)?.wireless.includes('cellular') === true;
}

function platform(
  id: number,
  name: string,
  displayName: string,
  generation: number | null,
  wireless: readonly Wireless[],
  transport: Platform['transport'],
  deviceTypes: readonly string[] = [displayName],
): Platform {
  return { id, name, displayName, deviceTypes, generation, wireless, transport };
}
