/**
 * What each deployed function is and needs. `lib/` derives environment and permissions from it, `environment.ts` the
 * type of what a function may read: code and infrastructure cannot drift apart.
 */
import { deliveryFunctions } from './deliveries.js';
import { fallbackFunctions } from './fallbacks.js';
import { lifecycleFunctions } from './lifecycle.js';
import { presenceFunctions } from './presence.js';
import { serverFunctions } from './servers.js';
import { socketFunctions } from './sockets.js';
export const manifest = {
    ...socketFunctions,
    ...fallbackFunctions,
    ...serverFunctions,
    ...deliveryFunctions,
    ...lifecycleFunctions,
    ...presenceFunctions,
};
export const functionNames = Object.keys(manifest).filter(isFunctionName);
function isFunctionName(name) {
    return Object.hasOwn(manifest, name);
}
