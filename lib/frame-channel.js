/** The channel that a frame of Fanfare's protocol is about; frames of other apps are about none. */
import { parseChannel } from 'fanfare-protocol/channel';
/** How most frames begin, which then need not be parsed. */
const BEGINNING = /^\{"(?:event|action)":"[^"\\]*","channel":"(?<channel>[^"\\]+)"/;
/** `undefined` also for an array of commands to several channels: it is one message, and cannot be divided. */
export function frameChannel(text) {
    const channel = BEGINNING.exec(text)?.groups?.['channel'] ?? parsedChannel(text);
    return channel !== undefined && parseChannel(channel) ? channel : undefined;
}
function parsedChannel(text) {
    if (!text.includes('"channel"'))
        return undefined;
    try {
        const frame = JSON.parse(text);
        const channels = new Set([frame].flat().map(channelOf));
        const [only] = channels;
        return channels.size === 1 ? only : undefined;
    }
    catch {
        return undefined;
    }
}
function channelOf(command) {
    if (typeof command !== 'object' || command === null || !('channel' in command))
        return undefined;
    return typeof command.channel === 'string' ? command.channel : undefined;
}
