/** The `channels` claim of a token: which channels it names, and for what. */
import { CHANNEL_LENGTH, GRANTS_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
export const permissions = ['subscribe', 'publish', 'members'];
/** A channel, built-in ones included, of which the end may be left open by `*`; a namespace is never left open. */
const PATTERN = /^(?:(?:[A-Za-z0-9_-]+|@user):[A-Za-z0-9_\-=@,.;:/]*\*?|@all|\*)$/;
const pattern = v.pipe(v.string(), v.maxLength(CHANNEL_LENGTH), v.regex(PATTERN, 'a pattern is namespace:name, namespace:start*, or * for every channel'));
/** Pattern to permissions: `{"chat:*": ["subscribe", "publish"]}`. */
export const grants = v.pipe(v.record(pattern, v.array(v.picklist(permissions))), 
// Nothing in it is longer in bytes than in characters.
v.check((claim) => JSON.stringify(claim).length <= GRANTS_BYTES, `the channels of a token are at most ${GRANTS_BYTES} bytes of JSON`));
/** Whether one of the patterns names the channel for this. */
export function isGranted(claim, permission, channel) {
    return Object.entries(claim).some(([name, granted]) => granted.includes(permission) && matches(name, channel));
}
function matches(name, channel) {
    return name.endsWith('*') ? channel.startsWith(name.slice(0, -1)) : channel === name;
}
