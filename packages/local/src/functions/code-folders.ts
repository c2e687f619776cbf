/** Finds the folder with the code of a function: in the assembly, or written from the template's inline code. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Returns the folder of a function's code for its key. */
export type CodeFolder = (s3Key: string) => string;

/**
 * Writes the inline code of the template into folders.
 *
 * @param inlineSources By key. CloudFormation names the file `index`. Without a `package.json` it is CommonJS.
 * @param codeFolder Returns the folder for all other keys.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 */
export async function codeFolders(
  inlineSources: ReadonlyMap<string, string>,
  codeFolder: CodeFolder,
  outdir: string,
): Promise<CodeFolder> {
  for (const [s3Key, source] of inlineSources) {
    const folder = path.join(outdir, s3Key);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'index.js'), source);
  }
  return (s3Key) => (inlineSources.has(s3Key) ? path.join(outdir, s3Key) : codeFolder(s3Key));
}
