/** A bare client: sends frames, keeps what comes, and checks each frame against the schemas of the protocol. */

import { isDeepStrictEqual } from 'node:util';
import { type ErrorCode, errorStatus } from 'fanfare-protocol/errors';
import { serverEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { brief, type Members, type Message, membersOf, messagesOn, parsedFrame } from '../smoke/frame.ts';
import { Inbox } from '../smoke/inbox.ts';
import type { Closing, Wire } from '../smoke/stage.ts';
import { within } from '../smoke/within.ts';

/** What comes unasked, and is never the reply to a command. */
const UNASKED: ReadonlySet<unknown> = new Set(['messages', 'joined', 'left']);

export class Peer {
  private readonly patienceMs: number;
  private readonly inbox = new Inbox();
  private readonly violations: string[] = [];
  private open: Wire | undefined;
  private asked = 0;

  /** @param patienceMs How long it waits for a frame. Milliseconds. */
  constructor(patienceMs: number) {
    this.patienceMs = patienceMs;
  }

  /** Frames may come before the handshake has told the socket. */
  attach(wire: Wire): void {
    this.open = wire;
  }

  get wire(): Wire {
    if (!this.open) throw new Error('The connection is not open');
    return this.open;
  }

  receive(text: string): void {
    const frame = parsedFrame(text);
    this.violations.push(...violationsOf(frame));
    this.inbox.put(frame);
  }

  /** Sends text as it is, anything else as JSON. */
  send(frame: unknown): void {
    this.wire.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends a frame, and takes the next one that is no push. */
  answer(frame: unknown): Promise<unknown> {
    this.send(frame);
    return this.next(`a reply to ${brief(frame)}`, (one) => !UNASKED.has(membersOf(one)['event']));
  }

  /**
   * Sends a command under an id of its own, and answers the reply with this event.
   *
   * @throws Error when another reply comes.
   */
  async ask(command: Members, event: string): Promise<Members> {
    this.asked += 1;
    const id = `id-${this.asked}`;
    this.send({ ...command, id });
    const hasId = (frame: unknown) => membersOf(frame)['id'] === id;
    const reply = membersOf(await this.next(`a reply to ${brief(command)}`, hasId));
    expectMembers(reply, { event });
    return reply;
  }

  /** Sends a frame that has to be refused with this code, while the connection stays open. */
  async refused(frame: unknown, code: ErrorCode): Promise<Members> {
    const error = membersOf(await this.answer(frame));
    expectMembers(error, { event: 'error', code });
    await this.isOpen();
    return error;
  }

  /** A single `ping` is answered by the gateway, which does not repeat an id. */
  async isOpen(): Promise<void> {
    expectMembers(await this.answer({ action: 'ping' }), { event: 'pong' });
  }

  /** Takes messages of the channel until there are this many. */
  async messages(channel: string, count: number): Promise<Message[]> {
    const all: Message[] = [];
    while (all.length < count) {
      const frame = await this.next(
        `message ${all.length + 1} of ${count}`,
        (one) => messagesOn(channel, one).length > 0,
      );
      all.push(...messagesOn(channel, frame));
    }
    return all;
  }

  /** Messages of the channel that came and were not taken. */
  untaken(channel: string): readonly Message[] {
    return this.inbox.frames.flatMap((frame) => messagesOn(channel, frame));
  }

  /** Takes the first frame that matches, of those that came and those that will. */
  next(what: string, matches: (frame: unknown) => boolean): Promise<unknown> {
    const end = this.wire.closed.then(({ code }) => {
      throw new Error(`${what} did not come: the server closed the connection with ${code}`);
    });
    return within(this.patienceMs, what, Promise.race([this.inbox.take(matches), end]));
  }

  closing(): Promise<Closing> {
    return within(this.patienceMs, 'the end of the connection', this.wire.closed);
  }

  /** @throws Error that names the first frame that the protocol does not have. */
  checkFrames(): void {
    const [first] = this.violations;
    if (first !== undefined) throw new Error(first);
  }
}

/** @throws Error that shows the frame, unless it has all of these members. */
export function expectMembers(frame: unknown, wanted: Members): void {
  const members = membersOf(frame);
  const isWanted = Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(members[name], value));
  if (!isWanted) throw new Error(`Expected ${brief(wanted)}; got ${brief(frame)}`);
}

/** @throws Error with this sentence, unless the condition holds. */
export function expectThat(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}

function violationsOf(frame: unknown): readonly string[] {
  return (Array.isArray(frame) ? frame : [frame]).flatMap((one) => {
    const { success, issues } = v.safeParse(serverEvent, one);
    if (!success) return [`The protocol has no such frame: ${brief(one)} (${issues[0].message})`];
    const { event, code, status } = membersOf(one);
    if (event !== 'error' || isStatusOf(code, status)) return [];
    return [`${brief(code)} has another status than ${brief(status)}: ${brief(one)}`];
  });
}

function isStatusOf(code: unknown, status: unknown): boolean {
  return Object.entries(errorStatus).some(([name, own]) => name === code && own === status);
}
