/** Runs every check of one template. The checks of several stages of an account are in `throttles.ts`. */

import type { DeployTemplate } from './deploy-template.ts';
import { eventFilterFindings } from './event-filters.ts';
import { eventRuleFindings } from './event-rules.ts';
import type { Finding } from './finding.ts';
import { creationFindings } from './lasting-names.ts';
import { quotaFindings } from './quotas.ts';
import { referenceFindings } from './references.ts';
import { schemaFindings } from './schema.ts';
import { streamReaderFindings } from './stream-readers.ts';

export const checks = {
  schema: schemaFindings,
  references: referenceFindings,
  'event filters': eventFilterFindings,
  'event rules': eventRuleFindings,
  'stream readers': streamReaderFindings,
  'a second creation': creationFindings,
  quotas: quotaFindings,
} as const satisfies Readonly<Record<string, (template: DeployTemplate) => Finding[]>>;
