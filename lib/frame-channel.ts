/** Finds the channel of a frame of Fanfare's protocol. */

import { parseChannel } from 'fanfare-protocol/channel';

/** The beginning of most frames, which need not be parsed. */
const BEGINNING = /^\{"(?:event|action)":"[^"\\]*","channel":"(?<channel>[^"\\]+)"/;

/** `undefined` for other frames, and for an array of commands to several channels, because it is one message and cannot be divided. */
export function frameChannel(text: string): string | undefined {
  const channel = BEGINNING.exec(text)?.groups?.['channel'] ?? parsedChannel(text);
  return channel !== undefined && parseChannel(channel) ? channel : undefined;
}

function parsedChannel(text: string): string | undefined {
  if (!text.includes('"channel"')) return undefined;
  try {
    const frame: unknown = JSON.parse(text);
    const channels = new Set([frame].flat().map(channelOf));
    const [only] = channels;
    return channels.size === 1 ? only : undefined;
  } catch {
    return undefined;
  }
}

function channelOf(command: unknown): string | undefined {
  if (typeof command !== 'object' || command === null || !('channel' in command)) return undefined;
  return typeof command.channel === 'string' ? command.channel : undefined;
}
