/** A fresh process that loads one bundle and tells how long that took it: milliseconds. */

const [bundle = ''] = process.argv.slice(2);
const startedAt = performance.now();
await import(bundle);
process.stdout.write(String(performance.now() - startedAt));
// Whatever the module opened or waits for was not asked for.
process.exit();
