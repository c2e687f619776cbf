/** The HTTP API for servers: each operation once, and each refused without the right token. */

import { type OperationName, operationNames, operations } from 'fanfare-protocol/operations';
import type { Fact, Group } from '../fact.ts';
import { saw } from '../fact.ts';
import type { Visit } from '../visit.ts';
import { operationFacts } from './operations.ts';

function refused(
  name: string,
  who: string,
  status: number,
  headersOf: (visit: Visit) => Promise<Record<string, string>>,
): Fact {
  return {
    name,
    expected: `each of the ${operationNames.length} operations is refused with ${status} ${who}`,
    async look(visit) {
      const headers = await headersOf(visit);
      const statuses = await Promise.all(
        operationNames.map((operation) => statusOf(visit, operation, headers)),
      );
      const others = operationNames.filter((_, index) => statuses[index] !== status);
      const seen = [...new Set(statuses)].join(', ');
      return saw(others.length === 0, others.length === 0 ? seen : `${seen} (${others.join(', ')})`);
    },
  };
}

/** An empty request: a caller without rights does not learn which fields are missing. */
async function statusOf(
  visit: Visit,
  operation: OperationName,
  headers: Record<string, string>,
): Promise<number> {
  const { method, path } = operations[operation];
  const url = `${visit.stage.apiUrl}${path.replace('{connectionId}', 'smoke')}`;
  const body = method === 'POST' ? { body: '{}' } : {};
  const response = await visit.fetch(url, { method, headers, ...body });
  await response.body?.cancel();
  return response.status;
}

export const api: Group = {
  facts: [
    refused('without-token', 'without a token', 401, async () => ({})),
    refused('with-user-token', "with a user's token", 403, async (visit) => ({
      Authorization: `Bearer ${await visit.token('ann')}`,
    })),
    ...operationFacts,
  ],
};
