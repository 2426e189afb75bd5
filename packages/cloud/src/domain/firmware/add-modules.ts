import { ModuleFunction, type ModuleImage } from '@cloudchamber/wire';
import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import { isUniqueViolation, type Tables } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { requireOperator } from '../devices/index.ts';
import { expandModules } from './expand-modules.ts';
import type { FirmwareBlobs } from './firmware-blobs.ts';
import { modulesAdded } from './library-topic.ts';
import { badModule, libraryFull, moduleTaken } from './module-errors.ts';
import { countModules, findModuleInPlace, insertModule, type LibraryModule } from './module-store.ts';
import { moduleWords } from './module-words.ts';
import { readUpload, type UploadedFile } from './read-upload.ts';

export interface AddModulesInput {
  /** .bin files; one that holds several modules counts as those. */
  readonly files: readonly UploadedFile[];
  /** Of the application among them, by which it will be flashed. */
  readonly name?: string | undefined;
}

const MOST_MODULES = 2000;
const ID_BYTES = 12;
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const PARTS_OF_DEVICE_OS: readonly number[] = [
  ModuleFunction.BOOTLOADER,
  ModuleFunction.SYSTEM_PART,
  ModuleFunction.NCP_FIRMWARE,
  ModuleFunction.RADIO_STACK,
];

/**
 * Puts modules into the library: parts of Device OS, which devices get when they lack them, and an application with a name. Modules that are there already stay as
 * they are. All are taken or none.
 * @returns the modules of the files, in their order
 * @throws DomainError `operator_only`; `device.bad_firmware` and `device.not_available` as `readUpload`; `firmware_module.invalid`; `firmware_module.taken` for a
 *   module that the library has with other bytes; `firmware_module.too_many`
 */
export async function addModules(
  ctx: Context,
  bus: Bus,
  blobs: FirmwareBlobs,
  input: AddModulesInput,
): Promise<LibraryModule[]> {
  const { userId } = requireOperator(ctx);
  const modules = modulesOf(input);
  const drafts: LibraryModule[] = [];
  for (const { bytes, name, image } of modules) {
    drafts.push({
      id: ctx.entropy.bytes(ID_BYTES).toString('hex'),
      name,
      hash: await blobs.put(bytes),
      platformId: image.prefix.platformId,
      function: image.prefix.function,
      index: image.prefix.index,
      version: image.prefix.version,
      dependencies: image.dependencies,
      size: bytes.length,
      uploadedBy: userId,
      uploadedAt: ctx.clock.now(),
    });
  }
  let added: LibraryModule[];
  try {
    added = await ctx.store.db.transaction().execute(async (db) => {
      const stored: LibraryModule[] = [];
      for (const draft of drafts) stored.push(await store(db, draft));
      return stored;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw moduleTaken('The same module is being uploaded by somebody else: try again');
    throw error;
  }
  bus.publish(modulesAdded, added.length);
  return added;
}

async function store(db: Kysely<Tables>, draft: LibraryModule): Promise<LibraryModule> {
  const present = await findModuleInPlace(db, draft);
  if (present?.hash === draft.hash) return present;
  if (present !== undefined) throw moduleTaken(`${takenWords(present)}: delete ${present.id} first`);
  if ((await countModules(db)) >= MOST_MODULES) throw libraryFull(MOST_MODULES);
  await insertModule(db, draft);
  return draft;
}

function takenWords(present: LibraryModule): string {
  const what = present.name === '' ? moduleWords(present) : `an application ${present.name}`;
  return `Platform ${present.platformId} has ${what} with other content`;
}

interface FileModule {
  /** As it will be sent: compressed when it was uploaded so. */
  readonly bytes: Uint8Array;
  /** Of an application, else empty. */
  readonly name: string;
  /** Expanded. */
  readonly image: ModuleImage;
}

function modulesOf({ files, name }: AddModulesInput): FileModule[] {
  const upload = readUpload(files);
  if (upload.assets.size > 0) throw badModule('The library takes no bundles with assets: upload .bin files');
  if (name !== undefined && !NAME.test(name)) {
    throw badModule('name: 1 to 64 lower-case letters, digits, dots, underscores and dashes');
  }
  const modules = upload.files.flatMap((file) => {
    const images = expandModules(file);
    return file.modules.map(({ bytes }, at) => ({ bytes, file: file.name, image: images[at] }));
  });
  const found: FileModule[] = [];
  for (const { bytes, file, image } of modules) {
    if (image === undefined) continue;
    const isApplication = image.prefix.function === ModuleFunction.USER_PART;
    if (!isApplication && !PARTS_OF_DEVICE_OS.includes(image.prefix.function)) {
      throw badModule(`${file}: the library takes no ${moduleWords({ ...image.prefix })}`);
    }
    if (isApplication && name === undefined) throw badModule(`${file} is an application: send its name`);
    found.push({ bytes, name: isApplication ? (name ?? '') : '', image });
  }
  const applications = found.filter((module) => module.name !== '');
  if (applications.length > 1) throw badModule('There are two applications, and one name');
  if (name !== undefined && applications.length === 0) {
    throw badModule('A name is for an application, and there is none');
  }
  return found;
}
