/** A player: sits down at a table, and rolls two dice. The compiler knows the action from the configuration. */

import type { Options } from 'fanfare-client';
import { connect } from 'fanfare-client/actions';
import type config from './fanfare.config.ts';

/** @returns the values of the dice. The others at the table get them as a message. */
export async function play(url: string, options: Options, table: string): Promise<readonly number[]> {
  const connection = connect<typeof config>(url, { ...options, idempotent: { roll: true } });
  const { values } = await connection.request('roll', { table, dice: 2 });
  connection.close();
  return values;
}
