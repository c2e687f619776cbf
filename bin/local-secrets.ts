/** Where `npm start` and the command line keep the secrets of the local stage; git does not see it. */

import { fileURLToPath } from 'node:url';

export const LOCAL_SECRETS = fileURLToPath(new URL('../.local/secrets', import.meta.url));
