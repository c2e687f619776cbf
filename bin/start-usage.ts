/** What `npm start -- --help` prints. */

import { FLAGS_USAGE } from 'fanfare-local/flags';

export const START_USAGE = `npm start -- [options]
${FLAGS_USAGE}`;
