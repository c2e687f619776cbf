/** `npm run -s frame`: prints captured WebSocket frames bit by bit. */

import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { bytesOf } from '../frames/capture.ts';
import { decodeFrames } from '../frames/decode.ts';
import { printFrames } from '../frames/print.ts';
import { CommandLineError, runCommand } from './command-line.ts';

const FRAME_USAGE = `npm run -s frame -- <hexadecimal bytes>
  <bytes>   of one frame or several, such as 89 00; without them, the standard input is read
  --help    this text`;

await runCommand(async (args) => {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  if (positionals.length === 0 && process.stdin.isTTY) throw new CommandLineError(FRAME_USAGE);
  const capture = positionals.length > 0 ? positionals.join(' ') : await text(process.stdin);
  return printFrames(decodeFrames(bytesOf(capture)));
}, FRAME_USAGE);
