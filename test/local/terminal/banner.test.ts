import { describe, expect, it } from 'vitest';
import { banner } from '../../../packages/local/src/terminal/banner.ts';

const facts = {
  title: 'Fanfare is running.',
  open: 'http://localhost:8080/',
  places: [
    ['WebSocket', 'ws://localhost:8080/local'],
    ['HTTP', 'http://localhost:8080/local'],
  ],
} as const;

describe('the banner', () => {
  it('has one link to open, and the other addresses below it', () => {
    expect(banner(facts, false)).toBe(`
Fanfare is running. Ctrl-C stops it.

  Open http://localhost:8080/

  WebSocket  ws://localhost:8080/local
  HTTP       http://localhost:8080/local
`);
  });

  it('makes the link bold and the rest dim on a terminal', () => {
    const text = banner(facts, true);

    expect(text).toContain('Open \x1b[1mhttp://localhost:8080/\x1b[22m');
    expect(text).toContain('\x1b[2m  HTTP       http://localhost:8080/local\x1b[22m');
  });

  it('has no link if there is no page to begin with', () => {
    expect(banner({ title: 'Running.', places: facts.places }, false)).not.toContain('Open');
  });
});
