/** What becomes of connections, channels, members and messages, told to the rest of AWS: at least once each. */
export const lifecycleGroups = {
    'connection opened': 'connections',
    'connection closed': 'connections',
    'channel occupied': 'channels',
    'channel vacated': 'channels',
    'member joined': 'members',
    'member left': 'members',
    'message published': 'messages',
};
/** What an event is about. No channel name and no connection id has a `#`, and a user comes last, so no two make one id. */
const subjects = {
    'connection opened': ({ connectionId }) => connectionId,
    'connection closed': ({ connectionId }) => connectionId,
    'channel occupied': ({ channel, version }) => `${channel}#${version}`,
    'channel vacated': ({ channel, version }) => `${channel}#${version}`,
    'member joined': ({ channel, at, user }) => `${channel}#${at}#${user}`,
    'member left': ({ channel, at, user }) => `${channel}#${at}#${user}`,
    'message published': ({ channel, seq }) => `${channel}#${seq}`,
};
/**
 * An event with its id.
 *
 * @param time when it happened, the same each time it is told. Milliseconds since 1970.
 *
 * @example
 * lifecycleEvent('member joined', { channel: 'chat:room', user: 'ann', at }, at);
 * // id: 'member joined#chat:room#1795355541000#ann'
 */
export function lifecycleEvent(type, detail, time) {
    return { type, id: `${type}#${subjects[type](detail)}`, time, detail };
}
