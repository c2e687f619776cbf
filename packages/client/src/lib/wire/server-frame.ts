/** Server frames: text in, typed frames out. A field of the wrong type is treated as absent. */

import type { Message } from 'fanfare-protocol/message';

/** One record of a channel: a message, or a `void` record, which marks a `seq` that no message has. */
export interface ChannelRecord extends Message {
  readonly void?: true;
}

/** A user who is in a channel. */
export interface Member {
  readonly user: string;
  /** The claim `info` of the user's token: any JSON. Absent if the token has none. */
  readonly info?: unknown;
  /** In namespaces with presence: rises with every `joined` and `left` of this user. Milliseconds since 1970. */
  readonly at?: number;
}

/** Every server frame in one shape. `event` decides which fields mean something. */
export interface ServerFrame {
  /** Empty in errors of API Gateway itself, `{"message","connectionId","requestId"}`. */
  readonly event: string;
  readonly id: number | undefined;
  /** Of an error: which of the messages of a publish is refused. */
  readonly index: number | undefined;
  readonly channel: string;
  readonly seq: number | undefined;
  readonly after: number | undefined;
  readonly first: number | undefined;
  /** In the reply to a publish of several messages: the number of each. */
  readonly seqs: readonly (number | undefined)[];
  readonly more: boolean;
  /** Of a wide channel, which has about 500 times two to the power of this many subscribers; 0 for other channels. */
  readonly size: number;
  readonly messages: readonly ChannelRecord[];
  /** The door `presence` reads them. */
  readonly members?: unknown;
  readonly member?: unknown;
  readonly next?: unknown;
  /** The door `values` reads them. */
  readonly values?: unknown;
  /** In the reply of an action of the application's own: any JSON. */
  readonly data?: unknown;
  readonly code: string;
  /** Of an error. Without a status, as in a reply, it is 500. */
  readonly status: number;
  readonly message: string;
  readonly retryAfter: number | undefined;
  readonly reason: string;
  readonly reconnectAfter: number;
}

/** The frames of one text: one, or several in the reply to an array of commands. Empty if the text is not JSON. */
export function parseFrames(data: unknown): ServerFrame[] {
  try {
    return list(JSON.parse(String(data)))
      .filter(isFields)
      .map(frameOf);
  } catch {
    return [];
  }
}

type Fields = Readonly<Record<string, unknown>>;

function frameOf(fields: Fields): ServerFrame {
  return {
    // The others may be anything.
    ...fields,
    event: text(fields['event']),
    id: number(fields['id']),
    index: number(fields['index']),
    channel: text(fields['channel']),
    size: number(fields['size']) ?? 0,
    seq: number(fields['seq']),
    after: number(fields['after']),
    first: number(fields['first']),
    seqs: list(fields['seqs']).map(number),
    more: fields['more'] === true,
    messages: list(fields['messages']).filter(isRecord),
    code: text(fields['code']) || 'internal',
    status: number(fields['status']) ?? 500,
    message: text(fields['message']),
    retryAfter: number(fields['retryAfter']),
    reason: text(fields['reason']),
    reconnectAfter: number(fields['reconnectAfter']) ?? 0,
  };
}

/** Whether the frame is an error of the server or of the API Gateway in front of it. */
export function isFailure({ event, message }: ServerFrame): boolean {
  return event === 'error' || (!event && message !== '');
}

function isRecord(value: unknown): value is ChannelRecord {
  if (!isFields(value)) return false;
  const { seq = 0, from = '' } = value;
  return typeof seq === 'number' && typeof from === 'string';
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

export function list(value: unknown = []): readonly unknown[] {
  return [value].flat();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
