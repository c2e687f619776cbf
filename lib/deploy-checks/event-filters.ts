/**
 * The filters of event source mappings, in the language of Lambda, read by the matcher of the local runtime: a list of
 * operators of its own would drift from that one.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */

import { eventFilter, MAX_FILTERS, StartError } from 'fanfare-local/event-pattern';
import { type DeployResource, type DeployTemplate, isRecord, listOf, valueAt } from './deploy-template.ts';
import type { Finding, Mistake } from './finding.ts';
import { join } from './mentions.ts';
import { mappingsOf, readsTable } from './table-streams.ts';

const FILTERS = 'Properties.FilterCriteria.Filters';

/** The fields of a record of a table's stream. A filter on any other field matches no record. */
const recordFields: ReadonlySet<string> = new Set([
  'awsRegion',
  'dynamodb',
  'eventID',
  'eventName',
  'eventSource',
  'eventSourceARN',
  'eventVersion',
  'userIdentity',
]);

const changeFields: ReadonlySet<string> = new Set([
  'ApproximateCreationDateTime',
  'Keys',
  'NewImage',
  'OldImage',
  'SequenceNumber',
  'SizeBytes',
  'StreamViewType',
]);

const images: ReadonlySet<string> = new Set(['Keys', 'NewImage', 'OldImage']);

/** The type names below which an attribute of an image stands. */
const attributeTypes: ReadonlySet<string> = new Set([
  'S',
  'N',
  'B',
  'BOOL',
  'NULL',
  'SS',
  'NS',
  'BS',
  'L',
  'M',
]);

export function eventFilterFindings(template: DeployTemplate): Finding[] {
  return mappingsOf(template).flatMap((mapping) =>
    mistakesOf(mapping).map((mistake) => ({ resource: mapping.id, ...mistake })),
  );
}

function mistakesOf(mapping: DeployResource): readonly Mistake[] {
  const filters = listOf(valueAt(mapping.properties, 'FilterCriteria', 'Filters'));
  const tooMany =
    filters.length > MAX_FILTERS.newAccount
      ? [
          {
            path: FILTERS,
            sentence: `${filters.length} filters are more than the ${MAX_FILTERS.newAccount} of an account whose quota was not raised.`,
          },
        ]
      : [];
  return [...tooMany, ...filters.flatMap((filter, at) => filterMistakes(filter, join(FILTERS, at), mapping))];
}

function filterMistakes(filter: unknown, at: string, mapping: DeployResource): readonly Mistake[] {
  const path = join(at, 'Pattern');
  const pattern = valueAt(filter, 'Pattern');
  if (typeof pattern !== 'string')
    return [{ path, sentence: 'It is no text, so that nothing can be said of its operators.' }];
  try {
    eventFilter(pattern, mapping.id);
  } catch (error) {
    if (error instanceof StartError) return [{ path, sentence: error.message }];
    throw error;
  }
  return readsTable(mapping) ? fieldMistakes(JSON.parse(pattern), path) : [];
}

function fieldMistakes(pattern: unknown, path: string): readonly Mistake[] {
  const { $or, ...fields } = isRecord(pattern) ? pattern : {};
  return [
    ...listOf($or).flatMap((alternative) => fieldMistakes(alternative, path)),
    ...unknownNames(fields, recordFields, 'a record of a table', path),
    ...changeMistakes(fields['dynamodb'], path),
  ];
}

function changeMistakes(change: unknown, path: string): readonly Mistake[] {
  if (!isRecord(change)) return [];
  const attributes = Object.entries(change).flatMap(([name, image]) =>
    images.has(name) && isRecord(image) ? Object.values(image) : [],
  );
  return [
    ...unknownNames(change, changeFields, 'dynamodb of a record', path),
    ...attributes.flatMap((attribute) => attributeMistakes(attribute, path)),
  ];
}

function attributeMistakes(attribute: unknown, path: string): readonly Mistake[] {
  if (isRecord(attribute)) return unknownNames(attribute, attributeTypes, 'the types of an attribute', path);
  const sentence = `An attribute stands below its type, such as S; ${JSON.stringify(attribute)} stands below none.`;
  return [{ path, sentence }];
}

function unknownNames(
  fields: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  where: string,
  path: string,
): readonly Mistake[] {
  return Object.keys(fields)
    .filter((name) => !known.has(name))
    .map((name) => ({ path, sentence: `There is no ${name} in ${where}, so no record passes.` }));
}
