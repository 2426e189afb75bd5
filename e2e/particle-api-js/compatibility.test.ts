import { readFileSync } from 'node:fs';
import Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectChapter } from '../harness/compatibility-page.ts';
import { GROUPS } from './methods/index.ts';
import { expectRefusal } from './methods/method.ts';
import { createWorld, type World } from './methods/world.ts';
import { methodsChapter, type Row } from './methods-chapter.ts';

const PACKAGE = new URL('../../node_modules/particle-api-js/package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.dispose());

/** What a program can call on the client: its own functions and those of its class, without the private ones. */
function publicMethods(): string[] {
  const client = new Particle();
  const names = [...Object.keys(client), ...Object.getOwnPropertyNames(Particle.prototype)];
  const callable = (name: string): boolean => typeof Reflect.get(client, name) === 'function';
  return names.filter((name) => name !== 'constructor' && !name.startsWith('_') && callable(name));
}

const entries = Object.entries(GROUPS).flatMap(([group, methods]) =>
  Object.entries(methods).map(([name, method]) => ({ group, name, method })),
);

describe('particle-api-js', () => {
  it('has an entry here for every method, and no other', () => {
    expect(entries.map(({ name }) => name).toSorted()).toEqual(publicMethods().toSorted());
  });

  const rows: Row[] = [];

  it.each(entries)('$group: $name', async ({ group, name, method }) => {
    if ('run' in method) {
      await method.run(world);
      rows.push({ group, name, result: 'works', note: method.note });
    } else {
      await expectRefusal(method, world);
      rows.push({ group, name, result: method.refused, note: method.why });
    }
  });

  it('is what docs/compatibility.md says', () => {
    expect(rows).toHaveLength(entries.length);
    expectChapter('particle-api-js', methodsChapter(version, rows));
  });
});
