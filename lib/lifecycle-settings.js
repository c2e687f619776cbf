/** Which lifecycle events a stage tells. */
/** Four events for the connection of a user, a tenth of what it costs for two hours (PX-1). Messages are many, and rules for them few. */
export const ALL_BUT_MESSAGES = {
    connections: true,
    channels: true,
    members: true,
    messages: 'none',
};
/** Whether the events of a group are told. */
export function tells({ lifecycleEvents }, group) {
    return group === 'messages' ? lifecycleEvents.messages !== 'none' : lifecycleEvents[group];
}
