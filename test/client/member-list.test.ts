import { beforeEach, describe, expect, it } from 'vitest';
import { MemberList } from '../../packages/client/src/lib/member-list.ts';

const MINUTE = 60_000;

describe('a list of members', () => {
  let list: MemberList;

  beforeEach(() => {
    list = new MemberList();
  });

  const users = () => list.members.map(({ user }) => user);

  it('has the members of the reply and of later events', () => {
    list.ask();
    list.answer([
      { user: 'ann', at: 1, info: 'A' },
      { user: 'bob', at: 2 },
    ]);

    expect(list.hear('joined', { user: 'cid', at: 3 })).toBe(true);
    expect(list.hear('left', { user: 'ann', at: 4 })).toBe(true);

    expect(list.members).toEqual([
      { user: 'bob', at: 2 },
      { user: 'cid', at: 3 },
    ]);
  });

  it('ignores events that come late or twice', () => {
    list.hear('joined', { user: 'ann', at: 5 });
    list.hear('left', { user: 'bob', at: 5 });

    expect(list.hear('joined', { user: 'ann', at: 5 })).toBe(false);
    expect(list.hear('left', { user: 'ann', at: 4 })).toBe(false);
    expect(list.hear('joined', { user: 'bob', at: 4 })).toBe(false);
    expect(list.hear('left', { user: 'bob', at: 5 })).toBe(false);
    expect(users()).toEqual(['ann']);
  });

  it('has the latest info of a user who is there already', () => {
    list.hear('joined', { user: 'ann', at: 5, info: 'old' });
    list.hear('joined', { user: 'ann', at: 6, info: 'new' });

    expect(list.members).toEqual([{ user: 'ann', at: 6, info: 'new' }]);
  });

  it('removes a user who is not in the reply, unless the user joined after the request', () => {
    list.hear('joined', { user: 'ann', at: 1 });
    list.hear('joined', { user: 'bob', at: 2 });
    list.ask();
    list.hear('joined', { user: 'cid', at: 3 });
    list.answer([{ user: 'bob', at: 2 }]);

    expect(users()).toEqual(['bob', 'cid']);
    // A repetition of a known state is not newer either.
    expect(list.hear('joined', { user: 'ann', at: 1 })).toBe(false);
    expect(list.hear('joined', { user: 'ann', at: 9 })).toBe(true);
  });

  it('keeps an event that is newer than the reply', () => {
    list.ask();
    list.hear('left', { user: 'ann', at: 5 });
    list.hear('joined', { user: 'bob', at: 6, info: 'new' });
    list.answer([
      { user: 'ann', at: 4 },
      { user: 'bob', at: 4, info: 'old' },
    ]);

    expect(list.members).toEqual([{ user: 'bob', at: 6, info: 'new' }]);
  });

  it('takes the reply if it is newer than the event', () => {
    list.hear('left', { user: 'ann', at: 5 });
    list.ask();
    list.answer([{ user: 'ann', at: 6 }]);

    expect(users()).toEqual(['ann']);
  });

  it('is the reply if a namespace has no presence, so that members have no time', () => {
    for (const answer of [['ann', 'bob'], ['bob'], [], ['cid']]) {
      list.ask();
      list.answer(answer.map((user) => ({ user })));
      expect(users()).toEqual(answer);
    }
  });

  it('takes 150,000 members', () => {
    list.ask();
    list.answer(Array.from({ length: 150_000 }, (_, n) => ({ user: `user${n}`, at: 1 })));

    expect(list.members).toHaveLength(150_000);
  });

  it('remembers for ten minutes which users have left, and not for ever', () => {
    list.hear('left', { user: 'ann', at: MINUTE });
    list.hear('left', { user: 'bob', at: 2 * MINUTE });
    list.ask();
    list.answer([{ user: 'cid', at: 12 * MINUTE }]);

    expect(list.hear('joined', { user: 'bob', at: 2 * MINUTE - 1 })).toBe(false);
    expect(list.hear('joined', { user: 'ann', at: MINUTE - 1 })).toBe(true);
  });
});
