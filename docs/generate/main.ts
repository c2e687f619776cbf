/** `npm run docs`: brings the generated parts of the documentation up to date. */

import { writeDeployPage } from './deploy.ts';
import { writeOpenApi } from './openapi.ts';
import { writeProtocolPage } from './protocol.ts';
import { writeSmokePage } from './smoke.ts';

await writeProtocolPage();
await writeDeployPage();
await writeOpenApi();
await writeSmokePage();
