import { buildModule, combineModules, ModuleFunction, readModule } from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { modulesIn } from './read-modules.ts';

const application = buildModule({
  function: ModuleFunction.USER_PART,
  version: 1,
  platformId: 13,
  content: Buffer.alloc(100, 'x'),
});

describe('modulesIn', () => {
  it('takes a file of several modules apart', () => {
    const found = modulesIn('all.bin', combineModules([readModule(application), readModule(application)]));
    expect(found.map(({ name }) => name)).toEqual(['all.bin (1 of 2)', 'all.bin (2 of 2)']);
  });

  it('takes modules and assets from a bundle, and no other files', () => {
    const bundle = zipSync({ 'app.bin': application, 'assets/a.txt': Buffer.from('a'), 'readme.md': Buffer.from('r') });
    const found = modulesIn('product.zip', bundle).map(({ name, module }) => [name, module.prefix.function]);
    expect(found).toEqual([
      ['app.bin', ModuleFunction.USER_PART],
      ['a.txt', ModuleFunction.ASSET],
    ]);
  });

  it('refuses what is damaged, cut off, no firmware, or no bundle', () => {
    const damaged = Buffer.from(application);
    damaged[60] = (damaged[60] ?? 0) ^ 1;
    expect(() => modulesIn('a.bin', damaged)).toThrow('a.bin cannot be flashed: the CRC of the module is wrong');
    expect(() => modulesIn('a.bin', application.subarray(0, 90))).toThrow('a.bin cannot be flashed');
    expect(() => modulesIn('a.bin', Buffer.from('hello'))).toThrow('a.bin cannot be flashed');
    expect(() => modulesIn('a.zip', application)).toThrow('a.zip cannot be flashed');
  });
});
