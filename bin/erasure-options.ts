/** The flags of `npm run -s erase` and `npm run -s export`. */

import { parseArgs } from 'node:util';
import { CommandLineError } from './command-line.ts';
import { type Position, readPosition } from './erasure/position.ts';
import { userOf } from './token-options.ts';

/** A tenth of what a new on-demand table reads in a second, so that a stage that is busy does not notice the command. */
const UNITS_PER_SECOND = '1000';

const PLACE_FLAGS = `  --stage <name>    local, or a deployed stage (local)
  --units <number>  the most read and write units a second (${UNITS_PER_SECOND})
  --port <number>   where the local runtime listens (8080)
  --dynamodb <url>  the DynamoDB of the local runtime, which \`npm start\` prints
  --help            this text`;

export const ERASE_USAGE = `npm run -s erase -- --user <id> [options]
  Shows what the tables have of a user, and what it would cost to erase it. Changes nothing without --yes.
  --user <id>       whose data
  --yes             revokes the user's tokens, closes the connections, and erases
  --from <position> goes on where a run broke off, which has printed the position
${PLACE_FLAGS}`;

export const EXPORT_USAGE = `npm run -s export -- --user <id> [options] > user.json
  Prints what the tables have of a user, as JSON.
  --user <id>       whose data
${PLACE_FLAGS}`;

export interface PlaceOptions {
  readonly user: string;
  readonly stage: string;
  readonly unitsPerSecond: number;
  readonly port: string;
  /** Of the local runtime. */
  readonly dynamodb?: string | undefined;
}

export interface EraseOptions extends PlaceOptions {
  readonly isDry: boolean;
  readonly from?: Position | undefined;
}

const placeFlags = {
  user: { type: 'string' },
  stage: { type: 'string', default: 'local' },
  units: { type: 'string', default: UNITS_PER_SECOND },
  port: { type: 'string', default: '8080' },
  dynamodb: { type: 'string' },
} as const;

/** @throws CommandLineError that says what is wrong. */
export function parseEraseOptions(args: readonly string[]): EraseOptions {
  const options = { ...placeFlags, yes: { type: 'boolean' }, from: { type: 'string' } } as const;
  const { yes = false, from, ...place } = parseArgs({ args: [...args], options }).values;
  return {
    ...placeOf(place, ERASE_USAGE),
    isDry: !yes,
    ...(from !== undefined && { from: positionOf(from) }),
  };
}

/** @throws CommandLineError that says what is wrong. */
export function parseExportOptions(args: readonly string[]): PlaceOptions {
  return placeOf(parseArgs({ args: [...args], options: placeFlags }).values, EXPORT_USAGE);
}

interface PlaceValues {
  readonly user?: string | undefined;
  readonly stage: string;
  readonly units: string;
  readonly port: string;
  readonly dynamodb?: string | undefined;
}

function placeOf({ user, stage, units, port, dynamodb }: PlaceValues, usage: string): PlaceOptions {
  if (!user) throw new CommandLineError(usage);
  if (stage === 'local' && dynamodb === undefined)
    throw new CommandLineError(
      'The local stage needs --dynamodb: the URL that `npm start` prints as "dynamodb".',
    );
  return { user: userOf(user), stage, port, dynamodb, unitsPerSecond: unitsOf(units) };
}

function unitsOf(text: string): number {
  const units = Number(text);
  if (Number.isInteger(units) && units > 0) return units;
  throw new CommandLineError(`--units takes a whole number above 0; got ${JSON.stringify(text)}.`);
}

function positionOf(text: string): Position {
  const position = readPosition(text);
  if (position) return position;
  throw new CommandLineError('--from takes the position that a run has printed when it broke off.');
}
