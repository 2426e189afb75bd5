import { expect } from 'vitest';
import { type Methods, notYet, works } from './method.ts';

const NO_COMPILER = 'This server does not compile source code yet; flash binaries.';
const NO_LIBRARIES = 'There are no libraries on this server yet.';
const name = 'OneWire';

export const firmwareMethods: Methods = {
  compileCode: notYet(NO_COMPILER, ({ ann }) =>
    ann.compileCode({ files: { 'main.ino': Buffer.from('void setup() {}') }, platformId: 32 }),
  ),
  downloadFirmwareBinary: notYet(NO_COMPILER, ({ ann }) => ann.downloadFirmwareBinary({ binaryId: '1' })),
  listBuildTargets: notYet(NO_COMPILER, ({ ann }) => ann.listBuildTargets({ onlyFeatured: true })),
  listDeviceOsVersions: notYet('Versions of Device OS are not listed on this server yet.', ({ ann }) =>
    ann.listDeviceOsVersions({ platformId: 32 }),
  ),
  getDeviceOsVersion: notYet('Versions of Device OS are not listed on this server yet.', ({ ann }) =>
    ann.getDeviceOsVersion({ version: '6.2.0' }),
  ),
  downloadFile: works(async ({ ann, server }) => {
    const file = await ann.downloadFile({ uri: '/v1/server-key?format=der' });
    expect(Buffer.from(file as Buffer).equals(Buffer.from(server.publicKey))).toBe(true);
  }),
};

export const libraryMethods: Methods = {
  listLibraries: notYet(NO_LIBRARIES, ({ ann }) => ann.listLibraries({ page: 1, filter: name })),
  getLibrary: notYet(NO_LIBRARIES, ({ ann }) => ann.getLibrary({ name })),
  getLibraryVersions: notYet(NO_LIBRARIES, ({ ann }) => ann.getLibraryVersions({ name })),
  contributeLibrary: notYet(NO_LIBRARIES, ({ ann }) => ann.contributeLibrary({ archive: Buffer.from('archive') })),
  publishLibrary: notYet(NO_LIBRARIES, ({ ann }) => ann.publishLibrary({ name })),
  deleteLibrary: notYet(NO_LIBRARIES, ({ ann }) => ann.deleteLibrary({ name })),
};
