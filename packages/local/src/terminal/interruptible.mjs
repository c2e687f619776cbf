/**
 * Ctrl-C ends the process with status 0, at any moment and in one way: what must not stay behind is removed when the process
 * exits (`exit-duties.ts`), and the operating system closes sockets and ports.
 *
 * Plain JavaScript without imports, so that `node --import` runs it before anything that takes time to load.
 */

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => process.exit(0));
