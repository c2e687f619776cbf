import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { selectRoute } from '../../../packages/local/src/gateway/route-selection.ts';

const ACTION = '$request.body.action';
const routes = new Set(['$connect', '$disconnect', '$default', 'say', 'a/b', '1', 'null', '[x, 1]', '']);

const selected = (body: string, expression = ACTION) => selectRoute(expression, body, routes);

describe('selectRoute', () => {
  it('selects the route whose key is the value of the expression (RT-4)', () => {
    expect(selected('{"action":"say"}')).toBe('say');
  });

  it.each(['Say', 'say ', 'sa', 'other'])(
    'matches whole keys only, so %j takes $default (RT-4)',
    (action) => {
      expect(selected(JSON.stringify({ action }))).toBe('$default');
    },
  );

  it.each([ACTION, `\${request.body.action}`])('knows the spelling %s (RT-1)', (expression) => {
    expect(selected('{"action":"say"}', expression)).toBe('say');
  });

  it.each([
    ['several variables and literals', `\${request.body.x}/\${request.body.y}`, 'a/b'],
    ['a path', '$request.body.deep.action', 'say'],
    ['an element', '$request.body.list[1].action', 'say'],
    ['an element in braces', `\${request.body.list[1].action}`, 'say'],
    ['a name in brackets', `\${request.body['deep']['action']}`, 'say'],
    ['a name in double quotes', `\${request.body["deep"].action}`, 'say'],
    ['a name in brackets without braces', "$request.body['deep'].action", 'say'],
    ['a name with a hyphen', `\${request.body.in-words}`, 'say'],
    ['a name with a dot', `\${request.body['a.b']}`, 'say'],
    ['text behind a name', '$request.body.x/b', 'a/b'],
    ['a constant', 'say', 'say'],
    ['an escaped $', '\\$default', '$default'],
  ])('evaluates %s (RT-1, RT-2)', (_what, expression, key) => {
    const body =
      '{"x":"a","y":"b","deep":{"action":"say"},"list":[0,{"action":"say"}],"in-words":"say","a.b":"say"}';

    expect(selected(body, expression)).toBe(key);
  });

  it('evaluates once, so that a value cannot be an expression (RT-3)', () => {
    const reachable = new Set(['say']);

    expect(selectRoute(ACTION, `{"action":"\${request.body.x}","x":"say"}`, reachable)).toBeUndefined();
  });

  it.each(['{}', '{"action":{}}', '[]', '[{"action":"say"}]', '"say"', '42', 'null'])(
    'finds no value in %s, and takes the empty string (RT-2, RT-6)',
    (body) => {
      expect(selectRoute('<$request.body.action.deeper>', body, new Set(['<>']))).toBe('<>');
    },
  );

  it.each([
    ['a number', '1', '1'],
    ['null', 'null', 'null'],
    ['an array', '["x",1]', '[x, 1]'],
  ])('turns %s into a string (RT-2, RT-6)', (_what, value, key) => {
    expect(selected(`{"action":${value}}`)).toBe(key);
  });

  it.each(['', 'say', '{"action":', 'undefined'])(
    'sends %j, which is not JSON, to $default (RT-5)',
    (body) => {
      expect(selected(body, 'say')).toBe('$default');
    },
  );

  it.each(['$connect', '$disconnect'])('never lets a client select %s (RT-9)', (action) => {
    expect(selected(JSON.stringify({ action }))).toBe('$default');
    expect(selectRoute(ACTION, JSON.stringify({ action }), new Set([action]))).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'toString.name'])(
    'sees only members of the message, not %s',
    (path) => {
      expect(selectRoute(`<$request.body.${path}>`, '{}', new Set(['<>']))).toBe('<>');
    },
  );

  it.each(['{"action":"other"}', 'not JSON'])(
    'selects no route for %s if there is no $default (RT-4)',
    (body) => {
      expect(selectRoute(ACTION, body, new Set(['say']))).toBeUndefined();
    },
  );

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('reads %s as deep as a message can hold', (_what, opening, closing) => {
    const depth = Math.floor(MESSAGE_BYTES / `${opening}${closing}`.length) - 10;
    const body = `{"action":${opening.repeat(depth)}1${closing.repeat(depth)}}`;

    expect(selected(body)).toBe('$default');
  });
});
