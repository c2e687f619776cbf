/** The users of a run: made up and signed with the secret of the stage, or those whose tokens were handed over. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import type { OwnToken } from '../lambdas/identity/own-token.ts';
import { messagesOn } from './frame.ts';
import { NotShown } from './not-shown.ts';
import type { Stage } from './stage.ts';
import type { Tokens } from './tokens.ts';
import { Visitor } from './visitor.ts';

export type Claims = Partial<OwnToken> & { readonly secret?: string };

export interface Users {
  /** Whether they exist for this run only, so that facts may disconnect and revoke them. */
  readonly areOwn: boolean;
  /** @param own A name for the user that no other fact uses. */
  token(name: string, own: string, claims: Claims): Promise<string>;
  /** The name that the stage has for the user, which `onConnect` of the application may have made. */
  nameOf(name: string, own: string): string;
}

/** @param runId A part of every name. */
export async function usersOf(stage: Stage, tokens: Tokens, runId: string): Promise<Users> {
  const [ann, bob] = stage.given.users;
  if (ann !== undefined) return handedOver(stage, tokens, runId, { ann, bob });
  const made = {
    areOwn: true,
    token: (_name: string, own: string, claims: Claims) => tokens.ofUser(own, claims),
  };
  if (!stage.places.namesUsers || stage.secret === undefined) return { ...made, nameOf: (_name, own) => own };
  const probe = `smoke-${runId}-who`;
  const seen = await nameBehind(stage, await tokens.ofUser(probe), probe);
  return { ...made, nameOf: (_name, own) => renamed(own, probe, seen) };
}

/** `onConnect` may put a text in front of a name or behind it. */
function renamed(own: string, probe: string, seen: string | undefined): string {
  if (seen === undefined) return own;
  const at = seen.indexOf(probe);
  if (at === -1) throw new NotShown(`the application has named the user ${probe} in its own way: ${seen}`);
  return `${seen.slice(0, at)}${own}${seen.slice(at + probe.length)}`;
}

interface Handed {
  readonly ann: string;
  readonly bob: string | undefined;
}

async function handedOver(stage: Stage, tokens: Tokens, runId: string, { ann, bob }: Handed): Promise<Users> {
  const names = [
    await nameBehind(stage, ann, `smoke-${runId}-ann`),
    bob === undefined ? undefined : await nameBehind(stage, bob, `smoke-${runId}-bob`),
  ];
  return {
    areOwn: false,
    async token(name, own, claims) {
      // Any other claims than the usual ones need a token of the run's own.
      if (Object.keys(claims).length > 0) return tokens.ofUser(own, claims);
      const token = name === 'bob' ? bob : ann;
      if (token === undefined) throw new NotShown('a second user is needed: FANFARE_TOKEN has one token');
      return token;
    },
    nameOf(name) {
      const known = names[name === 'bob' ? 1 : 0];
      if (known === undefined) throw new NotShown('the name of the user behind the token is not known');
      return known;
    },
  };
}

/** The sender that the stage gives to a message of this token's user; `undefined` if no message can be published. */
async function nameBehind(stage: Stage, token: string, mark: string): Promise<string | undefined> {
  try {
    const channel = stage.places.channel('chat', mark);
    const handshake = { protocols: [SUBPROTOCOL, token] };
    const entrance = await Visitor.enter(stage.open, handshake, stage.patience.answerMs, stage.wrapping);
    if (!(entrance instanceof Visitor)) return undefined;
    try {
      await entrance.subscribe(channel);
      const [frame] = await Promise.all([entrance.hears(channel, mark), entrance.publish(channel, mark)]);
      return messagesOn(channel, frame).find(({ data }) => stage.wrapping.unwrap(data) === mark)?.from;
    } finally {
      entrance.wire.close();
    }
  } catch {
    // The facts say why no message can be published.
    return undefined;
  }
}
