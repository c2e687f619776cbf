/** `npm run docs`: brings the generated parts of the documentation up to date. */

import { writeProtocolPage } from './protocol.ts';

await writeProtocolPage();
