/** The one door for client frames: text in, typed commands out, or a `ProtocolError` that says what was wrong. */

import * as v from 'valibot';
import { type Action, actionSchemas, type Command, id } from './actions.ts';
import { ProtocolError } from './errors.ts';
import { changedNumber, readJson } from './json.ts';
import { COMMANDS_PER_FRAME, MESSAGE_BYTES } from './limits.ts';

/** The echo of a command in its error frame; only what is safe to repeat. */
export interface CommandEcho {
  readonly id?: string | number;
  readonly action?: string;
}

/** One command, or a batch whose order is kept; not yet checked one by one. */
export type Frame = { readonly single: unknown } | { readonly batch: readonly unknown[] };

/** Numbers that JavaScript would change, as they were written, by the commands in which they stand. */
export type Changed = ReadonlyMap<number, readonly string[]>;

/** A frame that can be read, but for numbers in some of its commands; the others are as good as in any other frame. */
export class ChangedNumbers extends ProtocolError {
  readonly frame: Frame;
  readonly changed: Changed;

  constructor(frame: Frame, changed: Changed) {
    const [[first = ''] = []] = changed.values();
    super('bad-request', changedNumber(first).message);
    this.frame = frame;
    this.changed = changed;
  }
}

/**
 * Reads one text frame.
 *
 * @throws ProtocolError `too-large` or `bad-request` when the frame as a whole cannot be read.
 * @throws ChangedNumbers when it is for numbers in some of its commands alone.
 */
export function parseFrame(text: string): Frame {
  if (text.length > MESSAGE_BYTES) {
    throw new ProtocolError('too-large', `A message holds at most ${MESSAGE_BYTES} bytes.`);
  }
  const { value, changed } = readJson(text, 'The frame');
  const frame = frameOf(value);
  if (changed.size > 0) throw new ChangedNumbers(frame, 'single' in frame ? ofOneCommand(changed) : changed);
  return frame;
}

function frameOf(value: unknown): Frame {
  if (!Array.isArray(value)) return { single: value };
  if (value.length === 0) throw new ProtocolError('bad-request', 'The array of commands is empty.');
  if (value.length > COMMANDS_PER_FRAME) {
    throw new ProtocolError('too-large', `A frame holds at most ${COMMANDS_PER_FRAME} commands.`);
  }
  return { batch: value };
}

function ofOneCommand(changed: Changed): Changed {
  return new Map([[0, [...changed.values()].flat()]]);
}

/**
 * Turns one candidate into a command, with every field checked and unknown fields dropped.
 *
 * @throws ProtocolError `bad-request` or `unknown-action`.
 */
export function parseCommand(candidate: unknown): Command {
  const action = actionOf(candidate);
  if (action === undefined)
    throw new ProtocolError('bad-request', 'A command is an object with a string "action".');
  if (!isAction(action)) throw new ProtocolError('unknown-action', 'This action does not exist.');
  const result = v.safeParse(actionSchemas[action].command, candidate, { abortEarly: true });
  if (!result.success) throw new ProtocolError('bad-request', `${result.issues[0].message}.`);
  return result.output;
}

/**
 * What an error frame may repeat of a command that was refused.
 *
 * @param changed numbers that JavaScript has changed: the client does not know an `id` that is one of these.
 */
export function echoOf(candidate: unknown, changed: readonly string[] = []): CommandEcho {
  const action = actionOf(candidate);
  const { success, output } = v.safeParse(v.object({ id }), candidate);
  const isKnown = success && !changed.some((literal) => Number(literal) === output.id);
  return {
    ...(isKnown && { id: output.id }),
    ...(action !== undefined && action.length <= LONGEST_ECHOED_ACTION && { action }),
  };
}

/** An unknown action is echoed only when it could be a typing mistake; a longer one would just cost bytes. */
const LONGEST_ECHOED_ACTION = 32;

function actionOf(candidate: unknown): string | undefined {
  const result = v.safeParse(v.object({ action: v.string() }), candidate);
  return result.success ? result.output.action : undefined;
}

/** `hasOwn`, so that `constructor` or `__proto__` is as unknown as any other word. */
function isAction(action: string): action is Action {
  return Object.hasOwn(actionSchemas, action);
}
