/** `npm start`: runs the app and its page on this machine, and takes in changes of your code. */

import { watch } from 'node:fs';
import path from 'node:path';
import { oneAtATime } from 'fanfare-local';
import { described } from 'fanfare-local/terminal';
import { PROJECT, startBackend } from './local/backend.ts';
import { pageFiles } from './local/page.ts';

const port = Number(process.env.PORT ?? 8080);

const files = pageFiles(() => app.runtime.urls.websocket);
const app = await startBackend({
  port,
  home: '/app/',
  morePages: new Map([['/app/', { find: (name) => files.get(name) }]]),
  onOutput: (name, line) => process.stdout.write(`[${name}] ${line}\n`),
  onNote: (sentence) => process.stdout.write(`${sentence}\n`),
});
const page = new URL('/app/', app.runtime.urls.console);
process.stdout.write(`Open ${page} twice. Ctrl-C stops it.\n`);

/** While the new code has a mistake, the old code runs. */
const takeIn = oneAtATime(async () => {
  const told = await app.takeIn().catch(described);
  process.stdout.write(`${told}\n`);
});
for (const folder of ['bin', 'lib', 'realtime'])
  watch(path.join(PROJECT, folder), { recursive: true }, () => void takeIn());

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    await app.close();
    process.exit(0);
  });
