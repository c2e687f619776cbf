/** Where the code of functions is: in a folder of the assembly, or written out of the template itself. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The folder of a function's code, by its key. */
export type CodeFolder = (s3Key: string) => string;

/**
 * Writes what the template holds itself.
 *
 * @param inlineSources By key; CloudFormation calls the file `index`, which is CommonJS as long as nothing says otherwise.
 * @param codeFolder For all other keys.
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
