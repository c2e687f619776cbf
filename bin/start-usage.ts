/** What `npm start -- --help` prints. */

import { FLAGS_USAGE } from '../packages/local/src/options.ts';

export const START_USAGE = `npm start -- [options]
${FLAGS_USAGE}`;
