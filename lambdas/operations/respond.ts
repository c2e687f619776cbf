/** From an HTTP request to its answer: every operation is checked, run, and answered, and every failure has a body. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { parseJson } from 'fanfare-protocol/json';
import {
  type OperationInput,
  type OperationName,
  type OperationReply,
  operationNames,
  operations,
  refusal,
} from 'fanfare-protocol/operations';
import { oneOf } from 'fanfare-protocol/query';
import * as v from 'valibot';
import type { ApiRequest } from '../events/api-event.ts';
import type { RequestContext } from './operation.ts';
import { handlers } from './operations.ts';
import { refusalOf } from './refusal.ts';

export interface ApiResponse {
  readonly status: number;
  readonly body: object;
}

const routes = new Map(
  operationNames.map((name) => [`${operations[name].method} ${operations[name].path}`, name]),
);

export async function respond(request: ApiRequest, context: RequestContext): Promise<ApiResponse> {
  try {
    const name = routes.get(request.routeKey);
    if (!name) throw new ProtocolError('not-found', 'There is no such operation.');
    return answerOf(await run(name, request, context));
  } catch (error) {
    const body = refusalOf(error, context);
    return { status: body.status, body };
  }
}

function run<O extends OperationName>(
  name: O,
  request: ApiRequest,
  context: RequestContext,
): Promise<OperationReply<O>> {
  return handlers[name](inputOf(name, request), context);
}

/** @throws ProtocolError `bad-request` that names the field. */
function inputOf<O extends OperationName>(name: O, { parameters, body }: ApiRequest): OperationInput<O> {
  const { query, body: content } = operations[name];
  const given = Object.entries(parameters).map(([field, values = []]) => [
    field,
    oneOf(field, [values].flat()),
  ]);
  return {
    ...parse(query, Object.fromEntries(given)),
    ...(operations[name].method === 'POST' && parse(content, parseJson(body, 'The body'))),
  };
}

function parse<Schema extends v.GenericSchema>(schema: Schema, input: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new ProtocolError('bad-request', `${path === null ? '' : `${path}: `}${issue.message}.`);
}

const withResults = v.object({ results: v.array(v.object({ error: v.optional(refusal) })) });

/** 207 if some channels failed and others did not. If all failed, the status is that of the first failure. */
function answerOf(reply: object): ApiResponse {
  const { success, output } = v.safeParse(withResults, reply);
  const failures = success ? output.results.flatMap(({ error }) => error ?? []) : [];
  const [first] = failures;
  if (!success || !first) return { status: 200, body: reply };
  if (failures.length < output.results.length) return { status: 207, body: reply };
  return { status: first.status, body: { ...first, ...reply } };
}
