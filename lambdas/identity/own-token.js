/** Tokens of the stage itself: signed with the secret that the stack made, by whoever may read it. */
import { SignJWT } from 'jose';
export const OWN_ISSUER = 'fanfare';
export const OWN_ALGORITHM = 'HS256';
/** The name of the secret where it is fixed, as in the stage `local`; elsewhere the stack tells it as an output. */
export function tokenSecretName(stackName) {
    return `${stackName}/token-secret`;
}
/**
 * The audience of tokens for servers, which may use the HTTP API: whoever takes one kind of token refuses the other, so that a
 * user's token opens nothing to a server, and a server is nobody's user.
 */
export function serverAudience(stage) {
    return `${stage}/servers`;
}
/**
 * @example
 * await signOwnToken(secret, { user: 'ann', audience: 'prod', issuedAt: now, expiresAt: now + 3600 });
 */
export function signOwnToken(secret, token) {
    const { user, channels, info, audience, issuedAt, expiresAt } = token;
    return new SignJWT({ ...(channels && { channels }), ...(info !== undefined && { info }) })
        .setProtectedHeader({ alg: OWN_ALGORITHM, typ: 'JWT' })
        .setIssuer(OWN_ISSUER)
        .setAudience(audience)
        .setSubject(user)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(keyOf(secret));
}
/** The secret's text as it is: nothing to agree on with programs in other languages. */
export function keyOf(secret) {
    return new TextEncoder().encode(secret);
}
