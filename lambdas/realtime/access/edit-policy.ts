/** The rule of a namespace for edits and deletions of messages, and the check that it is valid. */

/**
 * Who may edit and delete messages.
 * - `author`: the user who published the message, as long as the user may publish; and servers
 * - `servers`: only servers, by the HTTP API
 */
export type EditRule = 'author' | 'servers';

/** A user, who may edit messages of the own, or a server, which may edit all messages. */
export type Editor = { readonly kind: 'author'; readonly user: string } | { readonly kind: 'server' };

/** The part of a policy that decides whether an edit rule is valid. */
interface EditSetting {
  readonly edit?: EditRule;
  readonly publish: string;
  readonly history: unknown;
}

/** @throws Error that names the namespace, for an edit rule without a history, or for authors that cannot be. */
export function checkEdit(namespace: string, { edit, publish, history }: EditSetting): void {
  if (edit === undefined) return;
  if (history === 'none')
    throw new Error(`${namespace} has edit and keeps no history: there is no message to edit. Set history.`);
  if (edit === 'author' && publish === 'servers')
    throw new Error(
      `${namespace} has edit: 'author', but only servers publish, which are no authors: set edit to 'servers'.`,
    );
}

/** `from` is set by the server from a verified token. An anonymous sender has none, and so is no author. */
export function mayEdit(editor: Editor, { from }: { readonly from?: string }): boolean {
  return editor.kind === 'server' || from === editor.user;
}
