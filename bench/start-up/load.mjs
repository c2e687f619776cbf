/** A fresh process that loads one bundle and tells how long that took it: milliseconds. */

import { defineGlobal } from '../../packages/local/src/functions/response-stream.mjs';

const [bundle = ''] = process.argv.slice(2);
// What Lambda's runtime has for functions that stream.
defineGlobal();
const startedAt = performance.now();
await import(bundle);
process.stdout.write(String(performance.now() - startedAt));
// Whatever the module opened or waits for was not asked for.
process.exit();
