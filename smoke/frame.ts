/** The frames of a socket, and the parts of them that facts read. */

import * as v from 'valibot';

const object = v.record(v.string(), v.unknown());

export type Members = Readonly<Record<string, unknown>>;

/** The content of a frame if it is an object. */
export function membersOf(frame: unknown): Members {
  return v.is(object, frame) ? frame : {};
}

/** Whether a frame is an object that has all of these members, with just these values. */
export function says(frame: unknown, wanted: Members): boolean {
  const members = membersOf(frame);
  return Object.entries(wanted).every(([name, value]) => members[name] === value);
}

/** Whether a frame says that this user joined or left the channel. */
export function tellsOf(event: 'joined' | 'left', user: string, channel: string) {
  return (frame: unknown): boolean =>
    says(frame, { event, channel }) && membersOf(membersOf(frame)['member'])['user'] === user;
}

/** An error of the gateway itself has no `event` (ER-1). A text that is not JSON stays text. */
export function parsedFrame(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const messages = v.object({
  event: v.literal('messages'),
  channel: v.string(),
  messages: v.array(
    v.object({ seq: v.optional(v.number()), data: v.optional(v.unknown()), from: v.optional(v.string()) }),
  ),
});

export type Message = v.InferOutput<typeof messages>['messages'][number];

/** The messages of a frame if it has messages of this channel; else an empty list. */
export function messagesOn(channel: string, frame: unknown): readonly Message[] {
  const { success, output } = v.safeParse(messages, frame);
  return success && output.channel === channel ? output.messages : [];
}

const LONGEST = 160;

/** A frame, or any other JSON, cut so that it fits into a line. */
export function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
