import type { DeviceAsset, FirmwareModule, ModuleDependency, SystemDescribe } from './describe.ts';
import { checkLength, MAX_BODY_BYTES } from './limits.ts';
import type { ProtobufField } from './protobuf.ts';
import { fieldBytes, fieldUint32, ProtobufWriter, readProtobuf } from './protobuf.ts';
import { decodeUtf8 } from './utf8.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const CLAUSE = 'protocol section 8.3';

/** The protobuf form of Device OS 5.5 and later, Content-Format 42. It has no place for the platform id. */
export function encodeSystemDescribe(system: SystemDescribe): Buffer {
  const writer = new ProtobufWriter();
  for (const module of system.modules) writer.bytes(1, encodeModule(module));
  writer.bytes(2, system.imei).bytes(3, system.iccid).bytes(4, system.modemFirmware);
  for (const asset of system.assets) writer.bytes(5, encodeAsset(asset));
  return writer.uint(6, system.protectedState ? 1 : 0).finish();
}

/**
 * Fields that aren't known are skipped.
 * @throws WireError `malformed` or `truncated` for bad protobuf, known fields of the wrong kind and bad UTF-8; `too_large` above 16384 bytes.
 */
export function decodeSystemDescribe(payload: Uint8Array): SystemDescribe {
  checkLength(payload, MAX_BODY_BYTES, CLAUSE);
  const modules: FirmwareModule[] = [];
  const assets: DeviceAsset[] = [];
  const system: Mutable<SystemDescribe> = { modules, assets, protectedState: false };
  for (const field of readProtobuf(payload)) {
    if (field.number === 1) modules.push(decodeModule(fieldBytes(field)));
    else if (field.number === 2) system.imei = text(field);
    else if (field.number === 3) system.iccid = text(field);
    else if (field.number === 4) system.modemFirmware = text(field);
    else if (field.number === 5) assets.push(decodeAsset(fieldBytes(field)));
    else if (field.number === 6) system.protectedState = fieldUint32(field) !== 0;
  }
  return system;
}

function encodeModule(module: FirmwareModule): Buffer {
  const writer = new ProtobufWriter();
  writer.uint(1, module.function).uint(2, module.index).uint(3, module.version).uint(4, module.store);
  writer.uint(5, module.maxSize).fixed32(6, module.checkedFlags).fixed32(7, module.passedFlags);
  writer.bytes(8, module.hash === undefined ? undefined : Buffer.from(module.hash, 'hex'));
  for (const dependency of module.dependencies) writer.bytes(9, encodeDependency(dependency));
  for (const asset of module.assetDependencies) writer.bytes(10, encodeAsset(asset));
  return writer.uint(11, module.size).finish();
}

function decodeModule(bytes: Uint8Array): FirmwareModule {
  const dependencies: ModuleDependency[] = [];
  const assetDependencies: DeviceAsset[] = [];
  const module: Mutable<FirmwareModule> = {
    function: 0,
    index: 0,
    version: 0,
    store: 0,
    maxSize: 0,
    size: 0,
    checkedFlags: 0,
    passedFlags: 0,
    dependencies,
    assetDependencies,
  };
  for (const field of readProtobuf(bytes)) {
    if (field.number === 1) module.function = fieldUint32(field);
    else if (field.number === 2) module.index = fieldUint32(field);
    else if (field.number === 3) module.version = fieldUint32(field);
    else if (field.number === 4) module.store = fieldUint32(field);
    else if (field.number === 5) module.maxSize = fieldUint32(field);
    else if (field.number === 6) module.checkedFlags = fieldUint32(field);
    else if (field.number === 7) module.passedFlags = fieldUint32(field);
    else if (field.number === 8) module.hash = hex(field);
    else if (field.number === 9) dependencies.push(decodeDependency(fieldBytes(field)));
    else if (field.number === 10) assetDependencies.push(decodeAsset(fieldBytes(field)));
    else if (field.number === 11) module.size = fieldUint32(field);
  }
  return module;
}

function encodeDependency(dependency: ModuleDependency): Buffer {
  const { index, version } = dependency;
  return new ProtobufWriter().uint(1, dependency.function).uint(2, index).uint(3, version).finish();
}

function decodeDependency(bytes: Uint8Array): ModuleDependency {
  const dependency = { function: 0, index: 0, version: 0 };
  for (const field of readProtobuf(bytes)) {
    if (field.number === 1) dependency.function = fieldUint32(field);
    else if (field.number === 2) dependency.index = fieldUint32(field);
    else if (field.number === 3) dependency.version = fieldUint32(field);
  }
  return dependency;
}

function encodeAsset(asset: DeviceAsset): Buffer {
  const writer = new ProtobufWriter();
  if (asset.hash !== '') writer.bytes(1, Buffer.from(asset.hash, 'hex'));
  if (asset.name !== '') writer.bytes(2, asset.name);
  return writer.uint(3, asset.size).uint(4, asset.storageSize).finish();
}

function decodeAsset(bytes: Uint8Array): DeviceAsset {
  const asset = { hash: '', name: '', size: 0, storageSize: 0 };
  for (const field of readProtobuf(bytes)) {
    if (field.number === 1) asset.hash = hex(field);
    else if (field.number === 2) asset.name = text(field);
    else if (field.number === 3) asset.size = fieldUint32(field);
    else if (field.number === 4) asset.storageSize = fieldUint32(field);
  }
  return asset;
}

function text(field: ProtobufField): string {
  return decodeUtf8(fieldBytes(field), CLAUSE);
}

function hex(field: ProtobufField): string {
  return Buffer.from(fieldBytes(field)).toString('hex');
}
