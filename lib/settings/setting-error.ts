/** An error about a setting. The command line prints its sentence without a stack. */

import * as v from 'valibot';

/** One sentence with the setting, its value and the allowed values. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  /** The local runtime prints only its sentence, without a stack trace. */
  readonly isMistake = true;
}

/**
 * Returns the setting if it is valid.
 *
 * @param name The place in the file: `dev.origins`; empty for the whole file.
 * @throws SettingError
 */
export function settingOf<Schema extends v.GenericSchema>(
  schema: Schema,
  { name, file }: { readonly name: string; readonly file: string },
  value: unknown,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, value);
  if (success) return output;
  const [issue] = issues;
  const [place, given] = placeOf(issue);
  const setting = `${name}${place}`.replace(/^\./, '');
  throw new SettingError(`${file}: ${setting} is ${written(given)}, which is not allowed: ${issue.message}.`);
}

/** The place of the setting in JavaScript, and its value. */
function placeOf({ path, input }: v.BaseIssue<unknown>): readonly [place: string, given: unknown] {
  if (!path) return ['', input];
  const place = path.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const last = path.at(-1);
  return [place, last?.origin === 'key' ? last.key : last?.value];
}

/** The value as it is in the file. A function and a missing value are not JSON. */
function written(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return JSON.stringify(value) ?? String(value);
}
