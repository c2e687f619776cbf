/** All findings of cdk-nag, accepted or not, and all accepted findings, found or not. */

import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type IApplyRule, NagRuleCompliance } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import * as v from 'valibot';

export interface Finding {
  readonly id: string;
  /** Of the construct that it is about. */
  readonly path: string;
}

export interface Acceptance {
  readonly id: string;
  readonly reason: string;
  /** Of the construct that it was accepted on, with all below it. */
  readonly on: IConstruct;
}

/** The pack, which does not leave out accepted findings. */
class EveryFinding extends AwsSolutionsChecks {
  readonly findings: Finding[] = [];

  protected override applyRule({ node, rule, ruleSuffixOverride = rule.name }: IApplyRule): void {
    const result = rule(node);
    const details = Array.isArray(result) ? result.map((detail) => `[${detail}]`) : [''];
    if (!Array.isArray(result) && result !== NagRuleCompliance.NON_COMPLIANT) return;
    const { path } = node.node;
    for (const detail of details)
      this.findings.push({ id: `${this.packName}-${ruleSuffixOverride}${detail}`, path });
  }
}

export function findingsIn(scope: IConstruct): readonly Finding[] {
  const pack = new EveryFinding();
  pack.validateScope(scope);
  return pack.findings;
}

/** Recorded under the id and, for warnings of CDK itself, a prefix. */
const recorded = v.record(
  v.pipe(
    v.string(),
    v.transform((id) => id.replace(/^annotation::/i, '')),
  ),
  v.string(),
);

export function acceptancesIn(scope: IConstruct): readonly Acceptance[] {
  return scope.node.findAll().flatMap((on) =>
    on.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(v.parse(recorded, data)))
      .map(([id, reason]) => ({ id, reason, on })),
  );
}
