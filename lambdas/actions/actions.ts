/** The table of client actions: exhaustive by compilation, one line per action. */

import type { Action } from 'fanfare-protocol/actions';
import type { ActionHandler } from './action.ts';
import { edit } from './edit.ts';
import { history } from './history.ts';
import { mark } from './mark.ts';
import { members } from './members.ts';
import { ping } from './ping.ts';
import { publish } from './publish.ts';
import { subscribe } from './subscribe.ts';
import { unsubscribe } from './unsubscribe.ts';
import { values } from './values.ts';

export const actions: { readonly [A in Action]: ActionHandler<A> } = {
  subscribe,
  unsubscribe,
  publish,
  edit,
  history,
  values,
  mark,
  members,
  ping,
};
