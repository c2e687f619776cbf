/** A process that reads a secret on request, and returns it. */

import { once } from 'node:events';
import { keptSecret } from '../../../packages/local/src/secrets/secret-files.ts';

const [folder = ''] = process.argv.slice(2);

process.send?.('ready');
await once(process, 'message');
process.send?.(await keptSecret(folder, 'Token', () => `by ${process.pid}`));
process.disconnect();
