/**
 * Edits and deletes messages as the namespace's rules let pass. Both doors edit through this function. An edit is published as every
 * message is: with a number of its own, to every subscriber, and once for each key.
 */

import type { Edit } from 'fanfare-protocol/actions';
import { ProtocolError } from 'fanfare-protocol/errors';
import { type Editor, mayEdit } from '../access/edit-policy.ts';
import { type ChannelLog, requiredLogOf } from './channel-log.ts';
import { flawOf, type Original, originalOf } from './editing.ts';
import type { LogDraft } from './log-draft.ts';
import { marksOf, WIDEST } from './message-frame.ts';
import { KeyRows } from './pointing.ts';
import { type Known, type PublishPorts, publishLogged, publishPacked } from './publish.ts';
import { type Publication, verdictsOn } from './publish-by-rules.ts';
import { publishAgain } from './repetition.ts';

export interface Editing extends Publication {
  readonly editor: Editor;
}

/**
 * @returns the number of the edit; that of the deletion, if a deleted message is deleted again.
 * @throws ProtocolError `not-found`, `forbidden`, `bad-request`, `too-large`, the refusal of a rule, and what `publishLogged` throws.
 */
export async function editByRules(editing: Editing, edit: Edit): Promise<number> {
  const { ports, channel, policy } = editing;
  const log = requiredLogOf(ports, channel, policy);
  try {
    return await change(editing, log, edit);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return await again(editing, log, edit, error);
  }
}

async function change(editing: Editing, log: ChannelLog<PublishPorts>, edit: Edit): Promise<number> {
  const original = await originalOf(log, edit.seq);
  checkEditor(editing, original);
  const deletion = deletionOf(edit, original);
  if (deletion !== undefined) return tellAgain(editing, log, deletion);
  const replaces = original?.message.seq ?? edit.seq;
  const draft = { ...draftOf(edit), replaces };
  const flaw = flawOf(log, original, { ...WIDEST, data: draft.data ?? null, ...marksOf(draft), replaces });
  if (flaw) throw flaw;
  const [verdict = draft] = await verdictsOn(editing, [draft]);
  if ('error' in verdict) throw verdict.error;
  const judged = edit.remove ? draft : { ...draft, data: verdict.data };
  return write(editing, log, judged, original && { original });
}

/**
 * After a refusal. A key that was written before gets its number, and the message is sent once more if that is due. If another deletion
 * was faster, the message is deleted as it was asked for.
 *
 * @throws the refusal.
 */
async function again(
  editing: Editing,
  log: ChannelLog<PublishPorts>,
  edit: Edit,
  refusal: ProtocolError,
): Promise<number> {
  const { key, remove, seq } = edit;
  if (key !== undefined) {
    const landed = await new KeyRows(log).written([{ sender: editing.sender, key }]);
    if (landed.size > 0) return write(editing, log, draftOf(edit), { landed });
  }
  if (!remove || refusal.code !== 'not-found') throw refusal;
  const deletion = deletionOf(edit, await originalOf(log, seq));
  if (deletion === undefined) throw refusal;
  return tellAgain(editing, log, deletion);
}

/** @throws ProtocolError `forbidden`. */
function checkEditor({ editor }: Editing, original: Original | undefined): void {
  if (original && !mayEdit(editor, original.message))
    throw new ProtocolError('forbidden', 'You may only edit messages of your own.');
}

/** The number of the deletion, for a message that is to be deleted and is deleted already. */
function deletionOf({ remove }: Edit, original: Original | undefined): number | undefined {
  return remove && original?.message.removed ? original.message.edited : undefined;
}

/** The function of the first deletion may have died before it could tell the subscribers. So they are told once more, as of a repeated key. */
async function tellAgain(
  { policy, spend }: Editing,
  { ports, channel, group }: ChannelLog<PublishPorts>,
  deletion: number,
): Promise<number> {
  const batch = { from: deletion, to: deletion };
  if (policy.delivery !== 'packed')
    await publishAgain({ ports, channel, group, first: undefined, spend }, [batch]);
  return deletion;
}

function draftOf({ data, key, remove }: Edit): LogDraft {
  return { data, ...(key !== undefined && { key }), ...(remove && { remove }) };
}

async function write(
  { policy, sender, spend }: Editing,
  log: ChannelLog<PublishPorts>,
  draft: LogDraft,
  known: Known | undefined,
): Promise<number> {
  const publish = policy.delivery === 'packed' ? publishPacked : publishLogged;
  const [seq] = await publish(log, sender, [draft], spend, known);
  if (seq === undefined) throw new Error('An edit that was written has no number');
  return seq;
}
