/** The only reader of client frames: text in, typed commands out, or a `ProtocolError` that says what is wrong. */

import * as v from 'valibot';
import { type Action, actionSchemas, type Command, id } from './actions.ts';
import { ProtocolError } from './errors.ts';
import { changedNumber, readJson } from './json.ts';
import { ACTION_NAME_LENGTH, COMMANDS_PER_FRAME, MESSAGE_BYTES, SUBSCRIBES_PER_FRAME } from './limits.ts';
import { type OwnCommand, ownAction } from './own-action.ts';

/** The fields of a command that its error frame repeats. */
export interface CommandEcho {
  readonly id?: string | number;
  readonly action?: string;
}

/** One command, or an array of commands that run in order. The commands are not checked yet. */
export type Frame = { readonly single: unknown } | { readonly batch: readonly unknown[] };

/** The numbers that JavaScript would change, as they are written, by the index of their command. */
export type Changed = ReadonlyMap<number, readonly string[]>;

/** A frame in which some commands have numbers that JavaScript would change. The other commands can run. */
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
 * @throws ProtocolError `too-large` or `bad-request` if the whole frame is refused.
 * @throws ChangedNumbers if only commands with such numbers are refused.
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
  const most = value.every(isSubscription) ? SUBSCRIBES_PER_FRAME : COMMANDS_PER_FRAME;
  if (value.length > most) throw new ProtocolError('too-large', `A frame holds at most ${most} commands.`);
  return { batch: value };
}

function isSubscription(candidate: unknown): boolean {
  const action = actionOf(candidate);
  return action === 'subscribe' || action === 'unsubscribe';
}

function ofOneCommand(changed: Changed): Changed {
  return new Map([[0, [...changed.values()].flat()]]);
}

/**
 * Checks every field of a command, and drops unknown fields.
 *
 * @throws ProtocolError `bad-request` or `unknown-action`.
 */
export function parseCommand(candidate: unknown): Command {
  const action = actionOf(candidate);
  if (action === undefined)
    throw new ProtocolError('bad-request', 'A command is an object with a string "action".');
  if (!isAction(action)) throw new ProtocolError('unknown-action', 'This action does not exist.');
  return checked(actionSchemas[action].command, candidate);
}

/**
 * The same for an action of the application's own.
 *
 * @returns `undefined` if the candidate does not name one of these.
 * @throws ProtocolError `bad-request`.
 */
export function parseOwnCommand(
  candidate: unknown,
  isOwn: (name: string) => boolean,
): OwnCommand | undefined {
  const action = actionOf(candidate);
  return action !== undefined && isOwn(action) ? checked(ownAction.command, candidate) : undefined;
}

function checked<Schema extends v.GenericSchema>(schema: Schema, candidate: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, candidate, { abortEarly: true });
  if (result.success) return result.output;
  throw new ProtocolError('bad-request', `${result.issues[0].message}.`);
}

/**
 * The fields of a refused command that its error frame may repeat. An unknown action may be a typing mistake. A long one only costs
 * bytes, so it is left out.
 *
 * @param changed The numbers that JavaScript has changed. An `id` among them is left out: the client would not recognize it.
 */
export function echoOf(candidate: unknown, changed: readonly string[] = []): CommandEcho {
  const action = actionOf(candidate);
  const { success, output } = v.safeParse(v.object({ id }), candidate);
  const isKnown = success && !changed.some((literal) => Number(literal) === output.id);
  return {
    ...(isKnown && { id: output.id }),
    ...(action !== undefined && action.length <= ACTION_NAME_LENGTH && { action }),
  };
}

function actionOf(candidate: unknown): string | undefined {
  const result = v.safeParse(v.object({ action: v.string() }), candidate);
  return result.success ? result.output.action : undefined;
}

/** `hasOwn`, because `in` would accept `constructor` and `__proto__`. */
function isAction(action: string): action is Action {
  return Object.hasOwn(actionSchemas, action);
}
