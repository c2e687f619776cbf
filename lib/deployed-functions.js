/** Which functions of the manifest a stage has: those for what it does not offer or tell are left out. */
import { functionNames, manifest, } from '../lambdas/manifest/manifest.js';
import { tells } from './lifecycle-settings.js';
export function deployedFunctions(settings) {
    return functionNames.filter((name) => {
        const { onlyFor, trigger } = manifest[name];
        if (trigger.kind === 'url' && !offersFallback(settings))
            return false;
        return onlyFor === undefined || tells(settings, onlyFor);
    });
}
/** The tables whose streams one of the stage's functions reads. */
export function streamedTables(settings) {
    const triggers = deployedFunctions(settings).map((name) => manifest[name].trigger);
    return new Set(triggers.flatMap((trigger) => (trigger.kind === 'stream' ? [trigger.table] : [])));
}
/** Not behind an edge: requests that come past the edge are refused, and the edge leads to the gateway only. */
function offersFallback({ fallback, edge }) {
    return fallback !== 'none' && edge === 'none';
}
