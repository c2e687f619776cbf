/** The page about the units of values. */

import { prices } from '../../packages/local/src/bill/prices.ts';
import { charge, listed } from '../../prices/charge.ts';
import { markdownTable, type Row } from '../report.ts';
import { count } from '../simulator/formatted.ts';

export interface SetCost {
  readonly what: string;
  readonly write: number;
  readonly read: number;
}

export interface SnapshotFigures {
  readonly names: number;
  /** Of the data of each value. */
  readonly bytes: number;
  readonly replies: number;
  /** Of 32 KB, as API Gateway bills them. */
  readonly frames: number;
  /** Bytes of all replies. */
  readonly sent: number;
  readonly read: number;
  readonly ms: number;
}

const MILLION = 1_000_000;

const dollarsOf = (units: number, price: (typeof prices)[keyof typeof prices]) =>
  charge('', units, listed(price)).reduce((sum, { dollars }) => sum + dollars, 0);

export function valuesPage(sets: readonly SetCost[], snapshots: readonly SnapshotFigures[]): string {
  const ofSets = sets.map(
    ({ what, write, read }): Row => [
      what,
      write,
      read,
      money(MILLION * (dollarsOf(1, prices.write) * write + dollarsOf(1, prices.read) * read)),
    ],
  );
  const ofSnapshots = snapshots.map(
    ({ names, bytes, replies, frames, sent, read, ms }): Row => [
      count(names),
      bytes,
      replies,
      frames,
      count(sent / 1024),
      read,
      (ms / 1000).toFixed(2),
      money(1_000 * (dollarsOf(frames + replies, prices.message) + dollarsOf(read, prices.read))),
    ],
  );
  return `# Values: units of a set and of a snapshot

The deployed code on the embedded DynamoDB of the local runtime, which counts the units that AWS would bill; nothing was run on AWS. Run
\`npm run bench -- values\` to do it again. [Values](../values.md) says what they are for.

## A set

In a channel without subscribers, whose last message is less than two minutes old, with data of one character. The first message after two minutes without one takes a
write unit more.

${markdownTable(['publish', 'write units', 'read units', 'DynamoDB, dollars for a million'], ofSets)}

- A message takes a number from the head, which is a unit, and is written, which is another one.
- A set writes the message and the value in one transaction, which DynamoDB bills twice: three units more buy that a value is never without its message,
  and no message without its value.
- \`ifSeq\` is a condition of the same transaction, and takes no unit. It buys one winner.
- A key takes a row. It buys that a repetition lands once. A repetition takes a number, finds the row of its key, and gives the number up.
- A conflict takes its number, the transaction that failed, and the units that give the number up.

## A snapshot

What a subscriber reads with \`values: true\`, if the last message is an hour old: all pages, one after the other.

${markdownTable(
  [
    'names',
    'bytes of each value',
    'replies',
    'frames of 32 KB',
    'KB in all',
    'read units',
    'seconds',
    'dollars for 1,000 snapshots',
  ],
  ofSnapshots,
)}

- Seconds are of the functions and the embedded DynamoDB on one machine, without a network. They depend on what else the machine does, and say nothing about AWS.
- Dollars are those of the read units and of the frames with the commands that ask for them. The runs of the function come to this.
- A snapshot writes nothing, unless a writer has died in the last two minutes.`;
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}
