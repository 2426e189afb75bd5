import { WireError } from '../wire-error.ts';
import type { ApplicationDescribe, FirmwareModule, ModuleDependency, SystemDescribe } from './describe.ts';
import { ModuleFunction, ModuleStore } from './describe.ts';
import { checkLength, MAX_BODY_BYTES, MAX_NAME_BYTES } from './limits.ts';
import { decodeUtf8 } from './utf8.ts';
import type { DeviceVariableType } from './variable-value.ts';
import { VARIABLE_TYPE_NUMBER, variableType } from './variable-value.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const CLAUSE = 'protocol section 8.2';

/** Letters of the JSON form, by number. Settings and assets have none: they are newer than it. */
const FUNCTION_LETTERS = ['n', 'r', 'b', 'm', 's', 'u', undefined, 'c', 'a'];
const STORE_LETTERS = ['m', 'f', 'b', 't'];

/** `{"f":[functions],"v":{variable:type}}`. */
export function encodeApplicationDescribe(application: ApplicationDescribe): Buffer {
  return Buffer.from(JSON.stringify(applicationJson(application)));
}

/**
 * The application part out of its own document or the combined one. Types may be numbers or names.
 * @throws WireError `malformed` for anything else, or a name that is empty or above 64 bytes; `too_large` above 16384 bytes.
 */
export function decodeApplicationDescribe(payload: Uint8Array): ApplicationDescribe {
  const document = parse(payload);
  const functions = arrayOf(document, 'f').map((name) => named(name));
  const variables = Object.entries(objectOf(document, 'v')).map(([name, described]): [string, DeviceVariableType] => {
    const type = variableType(described);
    if (type === undefined) throw malformed(`variable of type ${JSON.stringify(described)}`);
    return [named(name), type];
  });
  return { functions: [...new Set(functions)], variables: Object.fromEntries(variables) };
}

/** The JSON form of Device OS before 5.5. It has no place for assets, sizes and the protected state. */
export function encodeSystemDescribeJson(system: SystemDescribe): Buffer {
  return Buffer.from(JSON.stringify(systemJson(system)));
}

/** Both parts in one object, as firmware up to 1.x answers GET /d. */
export function encodeCombinedDescribe(application: ApplicationDescribe, system: SystemDescribe): Buffer {
  return Buffer.from(JSON.stringify({ ...applicationJson(application), ...systemJson(system) }));
}

/**
 * The system part out of its own JSON document or the combined one. A letter that isn't known reads as `NONE` or `MAIN`.
 * @throws WireError `malformed` for fields of another type, `too_large` above 16384 bytes.
 */
export function decodeSystemDescribeJson(payload: Uint8Array): SystemDescribe {
  const document = parse(payload);
  return {
    platformId: document.p === undefined ? undefined : whole(document.p),
    modules: arrayOf(document, 'm').map(moduleFrom),
    imei: optionalText(document.imei),
    iccid: optionalText(document.iccid),
    modemFirmware: optionalText(document.cellfw),
    assets: [],
    protectedState: false,
  };
}

function applicationJson(application: ApplicationDescribe): JsonObject {
  const types = Object.entries(application.variables).map(([name, type]) => [name, VARIABLE_TYPE_NUMBER[type]]);
  return { f: application.functions, v: Object.fromEntries(types) };
}

function systemJson(system: SystemDescribe): JsonObject {
  return {
    p: system.platformId,
    imei: system.imei,
    iccid: system.iccid,
    cellfw: system.modemFirmware,
    m: system.modules.map((module) => ({
      s: module.maxSize,
      l: STORE_LETTERS[module.store],
      vc: module.checkedFlags,
      vv: module.passedFlags,
      u: module.hash,
      ...identityJson(module),
      d: module.dependencies.map(identityJson),
    })),
  };
}

function identityJson(module: ModuleDependency): JsonObject {
  return { f: FUNCTION_LETTERS[module.function] ?? 'n', n: String(module.index), v: module.version };
}

function moduleFrom(value: unknown): FirmwareModule {
  const module = asObject(value);
  return {
    ...identityFrom(module),
    store: Math.max(STORE_LETTERS.indexOf(String(module.l)), ModuleStore.MAIN),
    maxSize: wholeOrZero(module.s),
    size: 0,
    checkedFlags: wholeOrZero(module.vc),
    passedFlags: wholeOrZero(module.vv),
    hash: optionalText(module.u)?.toLowerCase(),
    dependencies: arrayOf(module, 'd').map(identityFrom),
    assetDependencies: [],
  };
}

function identityFrom(value: unknown): ModuleDependency {
  const identity = asObject(value);
  return {
    function: Math.max(FUNCTION_LETTERS.indexOf(String(identity.f)), ModuleFunction.NONE),
    index: wholeOrZero(typeof identity.n === 'string' && identity.n !== '' ? Number(identity.n) : identity.n),
    version: wholeOrZero(identity.v),
  };
}

function parse(payload: Uint8Array): JsonObject {
  checkLength(payload, MAX_BODY_BYTES, CLAUSE);
  const text = decodeUtf8(payload, CLAUSE);
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    throw error instanceof WireError ? error : malformed('a document that is not JSON');
  }
}

function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('an object is missing');
  return value as JsonObject;
}

function arrayOf(document: JsonObject, key: string): readonly unknown[] {
  const value = document[key] ?? [];
  if (!Array.isArray(value)) throw malformed(`${key} is no array`);
  return value;
}

function objectOf(document: JsonObject, key: string): JsonObject {
  return asObject(document[key] ?? {});
}

function named(value: unknown): string {
  if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > MAX_NAME_BYTES)
    throw malformed('a bad name');
  return value;
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw malformed('a bad number');
  return value;
}

function wholeOrZero(value: unknown): number {
  return value === undefined || value === null ? 0 : whole(value);
}

function optionalText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed('a text is missing');
  return value;
}

function malformed(message: string): WireError {
  return new WireError('malformed', message, CLAUSE);
}
