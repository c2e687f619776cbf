/** A process that floods one deployed function with generated events, and reports the result to its parent. */

import * as v from 'valibot';
import { run } from './flood.ts';
import { order } from './report.ts';
import { targets } from './targets.ts';

// The loader of the tests maps stack traces to sources, which takes memory and time that no function spends on AWS.
process.setSourceMapsEnabled(false);

const { target, seed, count } = v.parse(order, JSON.parse(process.argv[2] ?? '{}'));

/** Rejections and exceptions that the code did not handle. Each would end the function on AWS. */
const unhandled: string[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(`unhandled rejection: ${reason}`));
process.on('uncaughtException', (error) => unhandled.push(`uncaught exception: ${error.stack}`));

const inherited = Reflect.ownKeys(Object.prototype).length;
const { requests, books } = await targets[target](seed, (flood) => run({ ...flood, seed, count }));
const polluted = Reflect.ownKeys(Object.prototype).length !== inherited || 'polluted' in {};
process.send?.({ ...books, requests, unhandled, polluted }, () => process.exit());
