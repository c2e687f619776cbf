/**
 * Sessions over HTTP: connections like any other, whose way out is a mailbox instead of the gateway. Each opening of a session
 * is a connection of its own, so that what is left of one before can neither take from the next nor end it.
 */
import { createHash, randomBytes } from 'node:crypto';
/** `=` only ends the ids that the gateway makes, so no connection can be taken for one of the other kind. */
const PREFIX = 'http=';
/** Random, of 6 bytes, in base64url. */
const OPENING_LENGTH = 8;
/** Whether a connection's way out is a mailbox. */
export function isHttpConnection(connectionId) {
    return connectionId.startsWith(PREFIX);
}
/** Under which a session is stored: that of another user with the same name is another one. */
export function sessionKeyOf(user, session) {
    const owner = user === undefined ? [] : [user];
    return createHash('sha256')
        .update(JSON.stringify([session, ...owner]))
        .digest('base64url');
}
/** The connection of a new opening. */
export function newConnectionId(sessionKey) {
    return `${PREFIX}${sessionKey}-${randomBytes(6).toString('base64url')}`;
}
/** The session that a connection is an opening of. */
export function sessionKeyIn(connectionId) {
    return connectionId.slice(PREFIX.length, -OPENING_LENGTH - 1);
}
