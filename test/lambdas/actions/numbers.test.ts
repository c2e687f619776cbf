import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { open } from '../../../lambdas/realtime/connections/membership.ts';
import { type MemoryPorts, memoryPorts } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const me = sessionFixture();
const CHANGED = ['590518626939830271', '1e400', '0.1000000000000000055511151231257827'];
const EXACT = ['9007199254740991', '0.1', '1e21', '-2.5e-3', '590518626939830300'];

describe('a command with a number', () => {
  let ports: MemoryPorts;

  beforeEach(async () => {
    ports = memoryPorts();
    await open(ports, config({ local: true }), me);
  });

  const ask = async (text: string): Promise<unknown> =>
    JSON.parse(await answer(text, me, actionContext(config({ local: true }), ports)));
  const publish = (id: string, data: string) =>
    `{"action":"publish","id":${id},"channel":"open:a","data":${data}}`;
  const published = async () => {
    const reply = await answer(
      '{"action":"history","channel":"open:a"}',
      me,
      actionContext(config({ local: true }), ports),
    );
    return reply;
  };

  it.each(CHANGED)('that JavaScript would change is refused, and says so: %s', async (number) => {
    expect(await ask(publish('7', `{"a":[${number}]}`))).toEqual({
      event: 'error',
      id: 7,
      action: 'publish',
      code: 'bad-request',
      status: 400,
      message: `The number ${number} would not arrive as it was sent; send it as a string.`,
    });
    expect(await published()).toContain('"messages":[]');
  });

  it.each(EXACT)('that JavaScript keeps arrives with its value: %s', async (number) => {
    expect(await ask(publish('7', number))).toMatchObject({ event: 'published', id: 7 });
    expect(await published()).toContain(`"data":${JSON.stringify(Number(number))}`);
  });

  it('as its id is refused without an echo of what it became', async () => {
    const refused = await ask('{"action":"ping","id":590518626939830271}');

    expect(refused).toMatchObject({ event: 'error', action: 'ping', code: 'bad-request' });
    expect(refused).not.toHaveProperty('id');
  });

  it('does not stop its neighbours in an array', async () => {
    await ask('{"action":"subscribe","channel":"open:a"}');

    const replies = await ask(
      `[${publish('1', '1')},${publish('2', '1e400')},${publish('"three"', '[1,9007199254740993]')},${publish('4', '4')}]`,
    );

    expect(replies).toMatchObject([
      { event: 'published', id: 1 },
      { event: 'error', id: 2, code: 'bad-request', message: expect.stringContaining('1e400') },
      {
        event: 'error',
        id: 'three',
        code: 'bad-request',
        message: expect.stringContaining('9007199254740993'),
      },
      { event: 'published', id: 4 },
    ]);
    expect(ports.posts.map(({ frame }) => frame)).toMatchObject([
      { messages: [{ data: 1 }] },
      { messages: [{ data: 4 }] },
    ]);
  });
});
