/** `npm run -s console`: writes the console as static files, for any web server. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { consoleSite } from '../console/console-site.ts';
import { runCommand } from './command-line.ts';

const USAGE = `npm run -s console -- [options]
  --out <folder>    where the page and what belongs to it are written (dist/console)
  --help            this text`;

await runCommand(async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { out: { type: 'string', default: 'dist/console' } },
  });
  await mkdir(values.out, { recursive: true });
  for (const [name, file] of consoleSite) await writeFile(path.join(values.out, name), await file.content());
  return path.join(values.out, 'index.html');
}, USAGE);
