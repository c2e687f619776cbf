/**
 * Ctrl-C ends the process with status 0 at any moment. The exit duties remove folders and child processes (`exit-duties.ts`), and the
 * operating system closes sockets and ports.
 *
 * Plain JavaScript without imports, so that `node --import` runs it before the slow modules are loaded.
 */

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => process.exit(0));
