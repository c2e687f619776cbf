/** The expected rights, by the kind of token and by the access rule of the channel's policy. */

import * as v from 'valibot';
import type { TokenKind } from './token-kinds.ts';

/** `door`: the handshake is refused with 401. 401 and 403: the command is, as unauthenticated and as forbidden. */
const TABLE = `
                          | anyone | signed-in | granted | owner | owner is another | servers
no token                  | yes    | 401       | 401     | 401   | 401              | 403
names no channels         | yes    | yes       | 403     | yes   | 403              | 403
names other channels      | yes    | 403       | 403     | 403   | 403              | 403
grants other permissions  | yes    | 403       | 403     | 403   | 403              | 403
right token               | yes    | yes       | yes     | yes   | 403              | 403
bad signature             | door   | door      | door    | door  | door             | door
changed claims            | door   | door      | door    | door  | door             | door
wrong issuer              | door   | door      | door    | door  | door             | door
key of the other issuer   | door   | door      | door    | door  | door             | door
wrong audience            | door   | door      | door    | door  | door             | door
no audience               | door   | door      | door    | door  | door             | door
expired                   | door   | door      | door    | door  | door             | door
never expires             | door   | door      | door    | door  | door             | door
not yet valid             | door   | door      | door    | door  | door             | door
issued in the future      | door   | door      | door    | door  | door             | door
alg none                  | door   | door      | door    | door  | door             | door
HS256 with the public key | door   | door      | door    | door  | door             | door
`;

const outcome = v.picklist(['yes', '401', '403', 'door']);
const column = v.picklist(['anyone', 'signed-in', 'granted', 'owner', 'owner is another', 'servers']);

export type Outcome = v.InferOutput<typeof outcome>;

/** An access rule. `owner` has two cases: the own channel, and that of another user. */
export type Column = v.InferOutput<typeof column>;

const [[, ...head] = [], ...body] = TABLE.trim().split('\n').map(cellsOf);
const columns = v.parse(v.array(column), head);
const rows = new Map(body.map(([kind = '', ...cells]) => [kind, v.parse(v.array(outcome), cells)]));

/** @throws Error for a kind of token that the table does not have. */
export function outcomeOf(kind: TokenKind, audience: Column): Outcome {
  const found = rows.get(kind)?.[columns.indexOf(audience)];
  if (found === undefined) throw new Error(`The table does not say what ${kind} may do for ${audience}`);
  return found;
}

/** The rows of the table. */
export const describedKinds: readonly string[] = [...rows.keys()];

function cellsOf(line: string): string[] {
  return line.split('|').map((cell) => cell.trim());
}
