/** What a namespace says about presence, and whether it makes sense. */
/** A worker waits for as long as somebody lingers, and is paid for it. Seconds. */
export const LONGEST_LINGER_SECONDS = 60;
/** 0 where there is no presence, too. Milliseconds. */
export function lingerMsOf({ presence }) {
    return presence === 'none' ? 0 : presence.lingerSeconds * 1000;
}
/** @throws Error that names the namespace, for presence that nobody would hear of or that is kept for no time that there is. */
export function checkPresence(namespace, policy) {
    const { presence, subscribe, members } = policy;
    if (presence === 'none')
        return;
    const { lingerSeconds } = presence;
    if (namespace.startsWith('@'))
        throw new Error(`${namespace} has presence: built-in channels have everybody, or one user, and can have none.`);
    if (!(lingerSeconds >= 0 && lingerSeconds <= LONGEST_LINGER_SECONDS))
        throw new Error(`${namespace}: lingerSeconds is from 0 to ${LONGEST_LINGER_SECONDS}, not ${lingerSeconds}.`);
    const hearing = [subscribe, members];
    // Outside `@user`, no channel has an owner.
    if (hearing.includes('servers') || hearing.includes('owner'))
        throw new Error(`${namespace} has presence, but nobody who subscribes may see members: change members, subscribe, or presence to 'none'.`);
}
