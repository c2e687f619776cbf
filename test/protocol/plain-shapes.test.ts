/** The plain types that the client publishes say the same as the schemas that check at run time; `npm run types` compares them. */

import {
  actionSchemas,
  type draft,
  type member,
  type message,
  type voidRecord,
} from 'fanfare-protocol/actions';
import type { Draft, Member, Message, VoidRecord } from 'fanfare-protocol/message';
import type { OperationInput, operations, refusal } from 'fanfare-protocol/operations';
import type {
  OperationName,
  OperationReply,
  OperationRequest,
  Refusal,
  ServerOperations,
} from 'fanfare-protocol/server-operations';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';

/**
 * The input types of the schemas, as a caller writes them: a field with a default may be omitted, and a number of the query is a
 * number.
 */
type RequestOf<O extends OperationName> = {
  [Field in keyof v.InferInput<(typeof operations)[O]['query']>]: Field extends keyof OperationInput<O>
    ? OperationInput<O>[Field]
    : never;
} & v.InferInput<(typeof operations)[O]['body']>;
type ReplyOf<O extends OperationName> = v.InferOutput<(typeof operations)[O]['reply']>;

/** The operations whose plain type is not the schema's, in one direction or the other. */
type Different<
  Plain extends { [O in OperationName]: unknown },
  Checked extends { [O in OperationName]: unknown },
> = {
  [O in OperationName]: [Plain[O], Checked[O]] extends [Checked[O], Plain[O]] ? never : O;
}[OperationName];

describe('the plain type', () => {
  it('of a message, a draft, a member and a void is that of its schema', () => {
    expectTypeOf<Message>().toEqualTypeOf<v.InferOutput<typeof message>>();
    expectTypeOf<Draft>().toEqualTypeOf<v.InferOutput<typeof draft>>();
    expectTypeOf<Member>().toEqualTypeOf<v.InferOutput<typeof member>>();
    expectTypeOf<VoidRecord>().toEqualTypeOf<v.InferOutput<typeof voidRecord>>();
    expectTypeOf<Refusal>().toEqualTypeOf<v.InferOutput<typeof refusal>>();
    expect(v.parse(actionSchemas.members.reply.entries.members, [{ user: 'ann' }])).toEqual([
      { user: 'ann' },
    ]);
  });

  it('of every operation takes and returns the shapes of its schemas', () => {
    expectTypeOf<keyof ServerOperations>().toEqualTypeOf<keyof typeof operations>();
    expectTypeOf<
      Different<{ [O in OperationName]: OperationRequest<O> }, { [O in OperationName]: RequestOf<O> }>
    >().toBeNever();
    expectTypeOf<
      Different<{ [O in OperationName]: OperationReply<O> }, { [O in OperationName]: ReplyOf<O> }>
    >().toBeNever();
    expectTypeOf<
      Different<{ [O in OperationName]: { no: O } }, { [O in OperationName]: { other: O } }>
    >().toEqualTypeOf<OperationName>();
  });
});
