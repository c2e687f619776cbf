/** A fresh process that loads one bundle and tells how long that took it: milliseconds. */

import { defineGlobal } from '../../packages/local/src/functions/response-stream.mjs';

const [bundle = ''] = process.argv.slice(2);
// What Lambda's runtime has for functions that stream.
defineGlobal();
const startedAt = performance.now();
await import(bundle);
process.stdout.write(String(performance.now() - startedAt));
// Exits at once, whatever the module has opened or waits for.
process.exit();
