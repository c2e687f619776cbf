/** The firewall of the edge (AWS WAF). It sees handshakes, which are HTTP requests, and no frame after them. */

import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

/** Over which an address's handshakes are counted. Seconds. */
const WINDOW_SECONDS = 300;

interface ManagedRuleGroup {
  readonly name: string;
  /** Rules of the group that would refuse honest clients. They only count, and let the requests pass. */
  readonly onlyCounted: readonly string[];
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const managedRuleGroups: readonly ManagedRuleGroup[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', onlyCounted: [] },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet', onlyCounted: [] },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    onlyCounted: [
      // Programs are clients, too, and `ws`, the usual WebSocket of Node.js, sends no user agent.
      'NoUserAgent_HEADER',
      // Its 2,048 bytes are less than a token in the query may be; the gateway ends at 4,096 for the whole URL.
      'SizeRestrictions_QUERYSTRING',
      // Looks for file extensions such as `.log` or `.ini`, and the last part of a token begins with a point and letters by chance.
      'RestrictedExtensions_QUERYARGUMENTS',
    ],
  },
];

export class EdgeFirewall extends Construct {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, { handshakesPerAddress }: { handshakesPerAddress: number }) {
    super(scope, id);
    const rules = [addressRule(handshakesPerAddress), ...managedRuleGroups.map(managedRule)];
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      description: 'In front of the WebSocket API',
      // Only in us-east-1.
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visible(rule.name) })),
      visibilityConfig: visible('EdgeFirewall'),
    });
    this.webAclArn = webAcl.attrArn;
  }
}

type Rule = Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

function addressRule(limit: number): Rule {
  const rateBasedStatement = { aggregateKeyType: 'IP', limit, evaluationWindowSec: WINDOW_SECONDS };
  return { name: 'HandshakesPerAddress', statement: { rateBasedStatement }, action: { block: {} } };
}

function managedRule({ name, onlyCounted }: ManagedRuleGroup): Rule {
  const ruleActionOverrides = onlyCounted.map((rule) => ({ name: rule, actionToUse: { count: {} } }));
  const managedRuleGroupStatement = { vendorName: 'AWS', name, ruleActionOverrides };
  return { name, statement: { managedRuleGroupStatement }, overrideAction: { none: {} } };
}

/** Metrics without samples. Samples would show query strings and headers, which contain tokens, to every user of the AWS console. */
function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
