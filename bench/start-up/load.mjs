/** A fresh process that loads one bundle and reports how long that took. Milliseconds. */

import { defineGlobal } from '../../packages/local/src/functions/response-stream.mjs';

const [bundle = ''] = process.argv.slice(2);
// The global of Lambda's runtime for functions that stream.
defineGlobal();
const startedAt = performance.now();
await import(bundle);
process.stdout.write(String(performance.now() - startedAt));
// Exits at once, although the module may have open sockets or timers.
process.exit();
