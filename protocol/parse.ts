/** The one door for client frames: text in, typed commands out, or a `ProtocolError` that says what was wrong. */

import * as v from 'valibot';
import { type Action, actionSchemas, type Command, id } from './actions.ts';
import { ProtocolError } from './errors.ts';
import { COMMANDS_PER_FRAME, JSON_DEPTH, MESSAGE_BYTES } from './limits.ts';

/** The echo of a command in its error frame; only what is safe to repeat. */
export interface CommandEcho {
  readonly id?: string | number;
  readonly action?: string;
}

/** One command, or a batch whose order is kept; not yet checked one by one. */
export type Frame = { readonly single: unknown } | { readonly batch: readonly unknown[] };

/**
 * Reads one text frame.
 *
 * @throws ProtocolError `too-large` or `bad-request` when the frame as a whole cannot be read.
 */
export function parseFrame(text: string): Frame {
  if (text.length > MESSAGE_BYTES) {
    throw new ProtocolError('too-large', `A message holds at most ${MESSAGE_BYTES} bytes.`);
  }
  if (nestsDeeperThan(JSON_DEPTH, text)) {
    throw new ProtocolError('bad-request', `The frame nests deeper than ${JSON_DEPTH} levels.`);
  }
  const frame = parseJson(text);
  if (!Array.isArray(frame)) return { single: frame };
  if (frame.length === 0) throw new ProtocolError('bad-request', 'The array of commands is empty.');
  if (frame.length > COMMANDS_PER_FRAME) {
    throw new ProtocolError('too-large', `A frame holds at most ${COMMANDS_PER_FRAME} commands.`);
  }
  return { batch: frame };
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

/** What an error frame may repeat of a command that was refused. */
export function echoOf(candidate: unknown): CommandEcho {
  const action = actionOf(candidate);
  const { success, output } = v.safeParse(v.object({ id }), candidate);
  return {
    ...(success && { id: output.id }),
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError('bad-request', 'The frame is not JSON.');
  }
}

const depthChange = new Map([
  ['[', 1],
  ['{', 1],
  [']', -1],
  ['}', -1],
]);

/** Counts brackets outside strings, before anything recursive sees the text. One pass, whatever the text. */
function nestsDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = endOfString(text, at);
    depth += depthChange.get(character) ?? 0;
    if (depth > limit) return true;
  }
  return false;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') return at;
    if (character === '\\') at++;
  }
  return text.length;
}
