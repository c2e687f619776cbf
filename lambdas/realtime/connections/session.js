/** Who is on the other end of a connection, as the gateway vouches for it; never taken from a message. */
export function isExpired({ expiresAt }, now) {
    return expiresAt !== undefined && now >= expiresAt * 1000;
}
