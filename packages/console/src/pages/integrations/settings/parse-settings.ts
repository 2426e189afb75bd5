import { shapeProblem } from './check-settings.ts';
import { lineOf, scanJson } from './scan-json.ts';
import { isObject, type Settings, settingsOfAnswer } from './settings.ts';

/** What a text means as the JSON of an integration. */
export type ParsedSettings =
  | {
      readonly ok: true;
      readonly settings: Settings;
      /** Keys of the cloud's answers that were in it, and are left out. */
      readonly leftOut: readonly string[];
      /** Keys that stand twice; the last one counts. */
      readonly repeated: readonly string[];
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly line: number;
      readonly column: number;
      readonly offset: number;
    };

/** @param text JSON as files of the command line have it (INT-04) */
export function parseSettings(text: string): ParsedSettings {
  const { problem, keys, repeated } = scanJson(text);
  const wrong = (offset: number, message: string) => ({ ok: false as const, offset, message, ...lineOf(text, offset) });
  if (problem !== undefined) return wrong(problem.offset, problem.message);
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return wrong(text.length - text.trimStart().length, 'Must be an object, in { and }');
  const settings = settingsOfAnswer(value);
  const shape = shapeProblem(settings);
  if (shape !== undefined) return wrong(keys.get(shape.key) ?? 0, `${shape.key} ${shape.message}`);
  return { ok: true, settings, leftOut: Object.keys(value).filter((key) => !Object.hasOwn(settings, key)), repeated };
}

/** @returns settings as the text of a file */
export function settingsText(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}
