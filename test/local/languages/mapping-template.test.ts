import { describe, expect, it } from 'vitest';
import { misunderstood, render } from '../../../packages/local/src/languages/mapping-template.ts';
import { Client } from '../client.ts';
import { serveRoutes } from '../serve-routes.ts';

const scope = {
  body: '{"id":7,"user":{"name":"ann"},"items":["a","b"]}',
  requestContext: { connectionId: 'abc=', connectedAt: 1 },
};

describe('a mapping template', () => {
  it.each([
    ["$input.path('$.id')", '7'],
    ['$input.path("$.user.name")', 'ann'],
    ["$input.json('$.user.name')", '"ann"'],
    ["$input.json('$.items')", '["a","b"]'],
    ["$input.path('$.items[1]')", 'b'],
    ["$input.path('$.missing')", ''],
    ["$input.json('$.missing')", '""'],
    ["$input.json('$')", '{"id":7,"user":{"name":"ann"},"items":["a","b"]}'],
    ['$input.body', '{"id":7,"user":{"name":"ann"},"items":["a","b"]}'],
    ['$context.connectionId', 'abc='],
    ['$context.connectedAt', '1'],
  ])('renders %s (MK-4, IN-6)', (template, text) => {
    expect(render(`<${template}>`, scope)).toBe(`<${text}>`);
  });

  it('is rendered once, so that a message is never a template', () => {
    expect(render(`$input.path('$.id')`, { body: '{"id":"$context.connectionId"}' })).toBe(
      '$context.connectionId',
    );
  });

  it('finds no value in a message that is not JSON', () => {
    expect(render(`<$input.path('$.id')>`, { body: 'text' })).toBe('<>');
  });

  it.each([
    ['a directive', '#if(true)x#end', '#if(true)x#end'],
    ['another function', '{"id":"$util.escapeJavaScript(1)"}', '$util.escapeJavaScript(1)"}'],
    ['a wildcard', `$input.path('$..id')`, `$input.path('$..id')`],
  ])('is refused at start if it has %s, which the runtime does not know', (_what, template, found) => {
    expect(misunderstood(template)).toBe(found);
  });

  it('is accepted if it has known parts only', () => {
    expect(misunderstood(`{"id":$input.json('$.id'),"to":"$context.connectionId"}`)).toBeUndefined();
  });

  it('makes the reply of a MOCK route from the message itself (MK-4)', async () => {
    const { url } = await serveRoutes({ ping: { mock: `{"event":"pong","id":$input.json('$.id')}` } });
    const client = await Client.open(url);

    expect(await client.ask({ action: 'ping', id: 'a"b' })).toEqual({ event: 'pong', id: 'a"b' });
  });
});
