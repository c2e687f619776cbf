/** The policy of a namespace: who may do what on its channels. `fanfare.config.ts` is written in these terms. */
import { ALL } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { checkPresence } from './presence-policy.js';
/**
 * Declares the configuration as a function of the stage.
 *
 * @throws Error when it is asked for, if a namespace's presence makes no sense.
 * @example
 * export default defineConfig(({ local }) => ({ namespaces: { chat: { subscribe: 'signed-in', ... } }, ... }));
 */
export function defineConfig(config) {
    return (stage) => {
        const declared = config(stage);
        for (const [name, policy] of Object.entries({ ...declared.namespaces, ...declared.builtIn }))
            checkPresence(name, policy);
        return declared;
    };
}
/** Whether there is anything for connections without a token: something that anyone may do. */
export function admitsAnonymous({ namespaces, builtIn }) {
    return [...Object.values(namespaces), ...Object.values(builtIn)].some(({ subscribe, publish, members }) => [subscribe, publish, members].includes('anyone'));
}
/** How long a channel's log is served; `undefined` where there is none. */
export function retentionOf({ history }) {
    return history === 'none' ? undefined : { retentionMs: history.hours * 60 * 60 * 1000 };
}
/** `undefined` for a namespace that this stage does not have. */
export function findPolicy({ builtIn, namespaces }, { namespace }) {
    if (namespace === ALL || namespace === '@user')
        return builtIn[namespace];
    return Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : undefined;
}
/**
 * For servers, which may know what there is.
 *
 * @throws ProtocolError `forbidden` for a namespace that this stage does not have.
 */
export function policyOf(config, channel) {
    const policy = findPolicy(config, channel);
    if (policy)
        return policy;
    throw new ProtocolError('forbidden', `There is no namespace ${channel.namespace}.`);
}
