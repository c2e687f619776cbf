/** Runs the cells of the matrix: one handshake for each client, and one frame with all of its commands. */

import type { Action } from 'fanfare-protocol/actions';
import type { ServerEvent } from 'fanfare-protocol/events';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { type Bearer, type Cell, cells } from './authorization-cells.ts';
import { Conversation } from './conversation.ts';
import { knock } from './knock.ts';

/** As many run within the time of a function on a busy machine. */
const COMMANDS_AT_ONCE = 20;

/** In the order of the cells; a line is `bearer: action place: outcome`. */
export type Findings = readonly string[];

/** A bearer after its handshake: with a connection, or with the status of the refusal. */
export interface Visitor {
  readonly bearer: Bearer;
  readonly entry: Conversation | number;
}

export async function visit(url: string, bearer: Bearer, token: string | undefined): Promise<Visitor> {
  const entry = await knock(url, [SUBPROTOCOL, ...(token === undefined ? [] : [token])]);
  return { bearer, entry: typeof entry === 'number' ? entry : new Conversation(entry) };
}

/** Lets the client try these actions on all channels of the cells. */
export async function tryOut({ bearer, entry }: Visitor, actions: readonly Action[]): Promise<Findings> {
  const own = cellsOf([bearer], actions);
  if (typeof entry === 'number')
    return own.map((cell) => line(cell, entry === 401 ? 'door' : `door ${entry}`));
  const commands = own.map(commandOf);
  const replies: ServerEvent[] = [];
  while (commands.length > 0) replies.push(...(await entry.askAll(commands.splice(0, COMMANDS_AT_ONCE))));
  return own.map((cell, index) => line(cell, outcomeOf(cell, replies[index])));
}

export function expectedOf(bearers: readonly Bearer[], actions: readonly Action[]): Findings {
  return cellsOf(bearers, actions).map((cell) => line(cell, cell.expected));
}

function cellsOf(bearers: readonly Bearer[], actions: readonly Action[]): Cell[] {
  return bearers.flatMap((bearer) =>
    cells.filter((cell) => cell.bearer === bearer && actions.includes(cell.action)),
  );
}

function commandOf({ bearer, action, channel }: Cell): object {
  if (action === 'ping') return { action };
  return {
    action,
    channel,
    ...(action === 'publish' && { data: bearer.user }),
    ...(action === 'mark' && { seq: 0 }),
    ...(action === 'edit' && { seq: 1, remove: true }),
  };
}

const replyEvents: Readonly<Record<Action, ServerEvent['event']>> = {
  subscribe: 'subscribed',
  unsubscribe: 'unsubscribed',
  publish: 'published',
  edit: 'edited',
  history: 'history',
  values: 'values',
  mark: 'marked',
  members: 'members',
  ping: 'pong',
};

const refusals = new Map<string, string>([
  ['bad-request', '400'],
  ['unauthenticated', '401'],
  ['forbidden', '403'],
  ['not-found', '404'],
]);

function outcomeOf({ action }: Cell, reply: ServerEvent | undefined): string {
  if (reply?.event === replyEvents[action]) return 'yes';
  return reply?.event === 'error' ? (refusals.get(reply.code) ?? reply.code) : `${reply?.event}`;
}

function line({ bearer, action, place }: Cell, outcome: string): string {
  return `${bearer.user}: ${action} ${place.name}: ${outcome}`;
}
