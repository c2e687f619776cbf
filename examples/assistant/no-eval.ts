/** `ai` checks with zod, which makes faster checks by `new Function`. A page whose security policy forbids that must say so first. */

import { config } from 'zod';

config({ jitless: true });
