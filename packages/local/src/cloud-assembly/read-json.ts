/** Reads the JSON files that the CDK writes and reads. */

import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { StartError } from '../start-error.ts';

/** @throws StartError that names a file which is missing or has the wrong shape. */
export async function readJson<Schema extends v.GenericSchema>(
  file: string,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const content = await readJsonIfPresent(file, schema);
  if (content !== undefined) return content;
  throw new StartError(`There is no file ${file}.`);
}

/** @throws StartError that names a file which has the wrong shape. */
export async function readJsonIfPresent<Schema extends v.GenericSchema>(
  file: string,
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (success) return output;
  throw new StartError(`${file} is not what the CDK writes there.`);
}
