/** All rules, in the order in which they are checked. */

import type { Rule } from './rule.ts';
import { commands } from './rules/commands.ts';
import { connecting } from './rules/connecting.ts';
import { history } from './rules/history.ts';
import { keys } from './rules/keys.ts';
import { refusals } from './rules/refusals.ts';
import { subscribing } from './rules/subscribing.ts';

export const rules: readonly Rule[] = [
  ...connecting,
  ...commands,
  ...subscribing,
  ...history,
  ...keys,
  ...refusals,
];
