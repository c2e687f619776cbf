/** An error about a setting. The command line prints its sentence without a stack. */

import * as v from 'valibot';

/** One sentence: which setting it is, its value, and what is allowed. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  /** The local runtime tells it in its sentence, without a stack. */
  readonly isMistake = true;
}

/**
 * Returns the setting if it is valid.
 *
 * @param name Where it is in the file: `dev.origins`; empty for all of it.
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

/** Where it is, as one would write it in JavaScript, and what is there. */
function placeOf({ path, input }: v.BaseIssue<unknown>): readonly [place: string, given: unknown] {
  if (!path) return ['', input];
  const place = path.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const last = path.at(-1);
  return [place, last?.origin === 'key' ? last.key : last?.value];
}

/** As it stands in the file; a function or a missing value is no JSON. */
function written(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
