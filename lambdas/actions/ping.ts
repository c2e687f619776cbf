/** `ping` inside an array of commands; alone in a frame, the gateway answers it without any Lambda (MK-1). */

import type { ActionHandler } from './action.ts';

export const ping: ActionHandler<'ping'> = async () => ({ event: 'pong' });
