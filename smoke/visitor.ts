/** One client on an open socket: keeps the frames that come, so that none is missed between two looks. */

import { brief, type Members, membersOf, messagesOn, parsedFrame, says } from './frame.ts';
import { Inbox } from './inbox.ts';
import { Refused } from './not-shown.ts';
import type { Closing, Handshake, OpenSocket, Wire } from './stage.ts';
import { within } from './within.ts';
import type { Mark, Wrapping } from './wrapping.ts';

/** Events that other users of the stage cause at the same time: never the answer to a frame. */
const UNASKED: ReadonlySet<unknown> = new Set(['messages', 'joined', 'left']);

export type Entrance = Visitor | { readonly status: number; readonly body: string };

export class Visitor {
  readonly wire: Wire;
  private readonly inbox: Inbox;
  private readonly answerMs: number;
  private readonly wrapping: Wrapping;
  private asked = 0;

  private constructor(wire: Wire, inbox: Inbox, answerMs: number, wrapping: Wrapping) {
    this.answerMs = answerMs;
    this.wrapping = wrapping;
    this.wire = wire;
    this.inbox = inbox;
  }

  /** @param answerMs How long it waits for an answer by default. Milliseconds. */
  static async enter(
    open: OpenSocket,
    handshake: Handshake,
    answerMs: number,
    wrapping: Wrapping,
  ): Promise<Entrance> {
    const inbox = new Inbox();
    const entry = await open(handshake, (text) => inbox.put(parsedFrame(text)));
    return entry.kind === 'open' ? new Visitor(entry.wire, inbox, answerMs, wrapping) : entry;
  }

  /**
   * Takes the first frame that matches, of those that came and those that will.
   *
   * @param what names the frame, for when it does not come.
   */
  next(what: string, matches: (frame: unknown) => boolean, limitMs = this.answerMs): Promise<unknown> {
    const frame = this.inbox.take(matches);
    const end = this.wire.closed.then(({ code }) => {
      throw new Error(`${what} did not come: the connection was closed with ${code}`);
    });
    return within(limitMs, what, Promise.race([frame, end]));
  }

  /** Sends a command under an id of its own, and answers its reply. */
  async ask(command: Members): Promise<Members> {
    this.asked += 1;
    const id = `smoke-${this.asked}`;
    this.wire.send(JSON.stringify({ ...command, id }));
    return membersOf(await this.next(`a reply to ${brief(command)}`, (frame) => says(frame, { id })));
  }

  /** Sends any text, and answers the next frame that is a reply. */
  say(text: string): Promise<unknown> {
    this.wire.send(text);
    return this.answer(`an answer to ${brief(text)}`);
  }

  answer(what: string): Promise<unknown> {
    return this.next(what, (frame) => !UNASKED.has(membersOf(frame)['event']));
  }

  /** @throws Refused when the channel cannot be had. */
  async subscribe(channel: string): Promise<void> {
    const reply = await this.ask({ action: 'subscribe', channel });
    if (reply['event'] !== 'subscribed')
      throw new Refused(`subscribe was answered ${brief(reply['message'] ?? reply)}`);
  }

  /** @returns the reply. @throws Refused with the sentence of the stage. */
  async publish(channel: string, mark: Mark): Promise<Members> {
    const reply = await this.ask({ action: 'publish', channel, data: this.wrapping.wrap(mark) });
    if (reply['event'] === 'error') throw new Refused(String(reply['message']));
    return reply;
  }

  /** Takes the frame that brings the message with this mark. */
  hears(channel: string, mark: Mark, limitMs = this.answerMs): Promise<unknown> {
    const brings = (frame: unknown) => this.marksIn(channel, frame).includes(String(mark));
    return this.next(`the message ${mark}`, brings, limitMs);
  }

  /** The marks of the messages of this channel in the frame. */
  marksIn(channel: string, frame: unknown): readonly (string | undefined)[] {
    return messagesOn(channel, frame).map(({ data }) => this.wrapping.unwrap(data));
  }

  /** The marks of the messages of the channel that came and were not taken. */
  heard(channel: string): readonly (string | undefined)[] {
    return this.inbox.frames.flatMap((frame) => this.marksIn(channel, frame));
  }

  closing(limitMs = this.answerMs): Promise<Closing> {
    return within(limitMs, 'the end of the connection', this.wire.closed);
  }
}
