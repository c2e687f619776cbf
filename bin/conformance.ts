/** `npm run -s conformance`: checks any server against the wire protocol, rule by rule. */

import { randomBytes } from 'node:crypto';
import { checkServer } from '../conformance/check.ts';
import { CONFORMANCE_USAGE, parseConformanceOptions } from '../conformance/options.ts';
import { findingLine, verdictLine } from '../conformance/report.ts';
import { rules } from '../conformance/rules.ts';
import { socketsAt } from '../smoke/wire.ts';
import { runCommand } from './command-line.ts';

await runCommand(async (args) => {
  const { url, ...options } = parseConformanceOptions(args);
  const host = { ...options, open: socketsAt(url), run: randomBytes(4).toString('hex') };
  const findings = await checkServer(host, rules, (finding) => {
    process.stdout.write(`${findingLine(finding)}\n`);
  });
  if (findings.some(({ status }) => status === 'broken')) process.exitCode = 1;
  return verdictLine(url, findings);
}, CONFORMANCE_USAGE);
