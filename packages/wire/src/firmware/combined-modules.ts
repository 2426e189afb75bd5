import { WireError } from '../wire-error.ts';
import { ModuleFlag } from './module-prefix.ts';
import { sealModule } from './module-suffix.ts';
import { type ModuleImage, readModule } from './read-module.ts';

const CLAUSE = 'protocol section 9.4';
/** Where the flags are in a prefix. */
const FLAGS_AT = 9;
/** More than a device has. */
const MOST_MODULES = 16;

/**
 * The modules of a file, one or several back to back, each whole and by itself again.
 * @throws WireError as `readModule`, and `malformed` for more than 16 modules or bytes behind the last.
 */
export function splitModules(file: Uint8Array): ModuleImage[] {
  const modules: ModuleImage[] = [];
  let rest = file;
  for (;;) {
    const isFirst = modules.length === 0;
    const module = isFirst ? firstModule(rest) : readModule(rest, false);
    if (modules.length === MOST_MODULES) throw new WireError('malformed', 'too many modules in a file', CLAUSE);
    const isCombined = (module.prefix.flags & ModuleFlag.COMBINED) !== 0;
    modules.push(isCombined ? withFlag(module, false) : module);
    rest = rest.subarray(module.bytes.length);
    if (!isCombined) break;
  }
  if (rest.length > 0) throw new WireError('malformed', `${rest.length} bytes behind the module`, CLAUSE);
  return modules;
}

/** One file of several modules: all but the last are marked, their checksums made anew. */
export function combineModules(modules: readonly ModuleImage[]): Buffer {
  return Buffer.concat(
    modules.map((module, at) => (at === modules.length - 1 ? module.bytes : withFlag(module, true).bytes)),
  );
}

/** A file of one module is recognised by its exact size, so that nothing shorter inside it is taken for one. */
function firstModule(file: Uint8Array): ModuleImage {
  try {
    return readModule(file);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const first = probe(file);
    if (first === undefined || (first.prefix.flags & ModuleFlag.COMBINED) === 0) throw error;
    return first;
  }
}

function probe(file: Uint8Array): ModuleImage | undefined {
  try {
    return readModule(file, false);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function withFlag(module: ModuleImage, isCombined: boolean): ModuleImage {
  const bytes = Buffer.from(module.bytes);
  const at = module.prefix.offset + FLAGS_AT;
  const others = module.prefix.flags & ~ModuleFlag.COMBINED;
  bytes[at] = isCombined ? others | ModuleFlag.COMBINED : others;
  return readModule(sealModule(bytes));
}
