/** Who sends a message, as far as retry keys are concerned: each sender has keys of its own in each channel. */
import { createHash } from 'node:crypto';
import { isHttpConnection, sessionKeyIn } from '../connections/http-sessions.js';
export const EVENTS = { kind: 'events', id: '' };
/** The name of a client says nothing about a user: two users who offer the same name are two senders. */
export function senderOf({ user, client, connectionId, }) {
    if (user !== undefined)
        return { kind: 'user', id: user };
    if (client !== undefined)
        return { kind: 'client', id: client };
    if (isHttpConnection(connectionId))
        return { kind: 'session', id: sessionKeyIn(connectionId) };
    return { kind: 'connection', id: connectionId };
}
/** What subscribers see of the sender; servers and anonymous clients have no name. */
export function authorOf({ kind, id }) {
    return kind === 'user' ? id : undefined;
}
/**
 * Under which a key is stored. Users and keys may hold any character, so they are encoded as JSON, which no two lists share, and
 * hashed, which bounds the length: a key of DynamoDB holds 2 KB. No channel name has a `#`.
 */
export function publishKeyOf(channel, { sender: { kind, id }, key }) {
    const hash = createHash('sha256')
        .update(JSON.stringify([kind, id, key]))
        .digest('base64url');
    return `${channel}#${hash}`;
}
