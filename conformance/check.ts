/** Checks a server against the rules, one after the other. */

import { within } from '../smoke/within.ts';
import { Guest, type Host } from './guest.ts';
import type { Rule } from './rule.ts';

export interface Finding {
  readonly rule: Rule;
  /** `skipped` proves nothing: there was no token. */
  readonly status: 'kept' | 'broken' | 'skipped';
  /** Of a broken rule: what came instead. */
  readonly seen: string;
}

/** The longest that one rule takes, as a multiple of the time for one answer. */
const ANSWERS_PER_RULE = 20;

/** @param tell called with each finding as it comes */
export async function checkServer(
  host: Host,
  rules: readonly Rule[],
  tell: (finding: Finding) => void = () => {},
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const finding = await checkRule(host, rule);
    tell(finding);
    findings.push(finding);
  }
  return findings;
}

/** Every error of a rule is what it has seen: a rule never stops the others. */
export async function checkRule(host: Host, rule: Rule): Promise<Finding> {
  if (rule.signedIn && host.token === undefined) return { rule, status: 'skipped', seen: 'needs --token' };
  const guest = new Guest(host, rule.name);
  try {
    await within(ANSWERS_PER_RULE * host.patienceMs, 'the end of the rule', rule.check(guest));
    await guest.leave();
    return { rule, status: 'kept', seen: '' };
  } catch (error) {
    await guest.leave().catch(() => {});
    return { rule, status: 'broken', seen: redacted(error, host) };
  }
}

/** A token never gets into a log, although a server may send it back. */
function redacted(error: unknown, { token }: Host): string {
  const text = error instanceof Error ? error.message : String(error);
  return token === undefined ? text : text.replaceAll(token, '<token>');
}
