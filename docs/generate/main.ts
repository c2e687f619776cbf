/** `npm run docs`: brings the generated parts of the documentation up to date. */

import { parseArgs } from 'node:util';
import { runCommand } from '../../bin/command-line.ts';
import { writeAlarmsPage } from './alarms.ts';
import { writeAsyncApi } from './asyncapi.ts';
import { writeConformancePage } from './conformance.ts';
import { writeDataPage } from './data.ts';
import { writeDecisionsPage } from './decisions.ts';
import { writeDeployPage } from './deploy.ts';
import { writeExamplesPage } from './examples.ts';
import { writeLimitsPage } from './limits.ts';
import { writeOpenApi } from './openapi.ts';
import { writeProtocolPage } from './protocol.ts';
import { writeSecurityPage } from './security.ts';
import { writeSmokePage } from './smoke.ts';

const USAGE = `npm run docs
  Brings the generated parts of the documentation up to date.
  --help    this text`;

await runCommand(async (args) => {
  parseArgs({ args: [...args] });
  await writeProtocolPage();
  await writeDeployPage();
  await writeOpenApi();
  await writeAsyncApi();
  await writeSmokePage();
  await writeConformancePage();
  await writeLimitsPage();
  await writeExamplesPage();
  await writeSecurityPage();
  await writeDataPage();
  await writeAlarmsPage();
  await writeDecisionsPage();
  return 'The documentation is up to date.';
}, USAGE);
