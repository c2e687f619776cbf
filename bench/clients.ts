/** Fanfare's client beside seven others: bytes, dependencies, the first message, reconnect storms, and what a cut loses. */

import { installSocketIoServer } from './clients/installed.ts';
import { measurePackages, measureReal, measureStorms, OUTAGE_MS } from './clients/measured.ts';
import { pageOf } from './clients/page.ts';
import { publishBars, publishPage } from './report.ts';

export async function benchClients(): Promise<void> {
  const packages = await measurePackages();
  await installSocketIoServer();
  const real = await measureReal();
  const restart = await measureStorms(0);
  const outage = await measureStorms(OUTAGE_MS);
  await publishPage('clients', pageOf({ packages, restart, outage, real }));
  await publishBars(
    'clients',
    'Bytes of each client, gzipped',
    packages.map(({ name, size }) => [name, size.gzipped]),
  );
}
