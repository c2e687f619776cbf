/** The editor of `examples/editor` in a real browser: people who write at once, one of them cut off, and one who comes late. */

import { type Channel, type Connection, connect } from 'fanfare-client';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { applyUpdate, Doc, encodeStateAsUpdate, type Text } from 'yjs';
import { cut, Pieces, piece } from '../../examples/editor/pieces.ts';
import { YjsChannel } from '../../examples/editor/yjs-channel.ts';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { mintFor } from '../tokens.ts';
import { cuttable } from './cut-network.ts';

/** 200 KB, in lines that are all different. */
const LONG = Array.from({ length: 5_000 }, (_, index) => `${index}`.padEnd(39, ' fanfare')).join('\n');

describe.skipIf(isBrowserMissing)('the shared editor', () => {
  const pages = usePages();
  const connections: Connection[] = [];
  /** Of each client without a browser. */
  const problems: unknown[][] = [];

  afterEach(() => {
    // What the end of the connections interrupts is no problem.
    expect(problems.splice(0).flat()).toEqual([]);
    for (const connection of connections.splice(0)) connection.close();
  });

  async function open(user: string) {
    const page = await pages.blank({ viewport: { width: 760, height: 400 } });
    const network = await cuttable(page);
    await page.goto(new URL(`/examples/editor/?user=${user}`, pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    return { page, network };
  }

  async function connected(user: string): Promise<Connection> {
    const mint = await mintFor(pages.runtime);
    const token = await mint(user);
    const connection = connect(pages.runtime.urls.websocket, { token, webSocket: WebSocket });
    connections.push(connection);
    return connection;
  }

  /** Without a browser, and with the same code between Yjs and the channel. */
  async function join(user: string, name: string, snapshotEvery = 5) {
    const doc = new Doc();
    const own: unknown[] = [];
    problems.push(own);
    const options = { snapshotEvery, onError: (error: unknown) => own.push(error) };
    const changes: unknown[] = [];
    doc.on('update', (change) => changes.push(change));
    await new YjsChannel(doc, await connected(user), `chat:editor-${name}`, options).open();
    return { text: doc.getText('text'), changes };
  }

  const editor = (page: Page) => page.getByRole('textbox', { name: 'Text of plan' });
  const lines = (page: Page) => editor(page).locator('.cm-line').allTextContents();
  const shows = (page: Page, line: string) =>
    editor(page).locator('.cm-line').getByText(line, { exact: true }).waitFor();
  const length = (page: Page, characters: string) =>
    page.getByText(`${characters} characters`, { exact: true }).waitFor();
  const cursor = (page: Page, user: string, line: string) =>
    editor(page).locator('.cm-line', { hasText: line }).locator(`[data-name="${user}"]`);

  async function write(page: Page, key: string, text: string): Promise<void> {
    await editor(page).focus();
    await page.keyboard.press(key);
    await page.keyboard.type(text);
  }

  async function paste(page: Page, text: string): Promise<void> {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.bringToFront();
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await editor(page).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+V');
  }

  it('shows all people one text, also what they write while one is cut off, and what is too long for a message', async () => {
    const ann = await open('editor-ann');
    const ben = await open('editor-ben');
    await write(ann.page, 'Control+Home', 'We meet at eight.\nBring the tent.');
    await shows(ben.page, 'Bring the tent.');
    await write(ben.page, 'Control+End', ' And the rope.');
    await shows(ann.page, 'Bring the tent. And the rope.');
    // Each sees the cursor of the other in the line that the other wrote last.
    await cursor(ann.page, 'editor-ben', 'Bring the tent.').waitFor();
    await cursor(ben.page, 'editor-ann', 'Bring the tent.').waitFor();

    await ben.network.cut();
    await ben.page.getByRole('status').getByText('connecting').waitFor();
    await write(ann.page, 'Control+Home', 'Sunday\n');
    await write(ben.page, 'Control+End', '\nI am in a tunnel.');
    await ben.page.keyboard.press('Control+Home');
    await write(ben.page, 'End', ' Or at nine?');
    await ben.network.mend();

    const both = [
      'Sunday',
      'We meet at eight. Or at nine?',
      'Bring the tent. And the rope.',
      'I am in a tunnel.',
    ];
    // The editor takes in what is typed a moment later, so the last letters may travel alone.
    for (const { page } of [ann, ben]) for (const line of both) await shows(page, line);
    expect(await lines(ann.page)).toEqual(both);
    expect(await lines(ben.page)).toEqual(both);
    await screenshot(ann.page, 'example-editor');

    await paste(ann.page, LONG);
    const text = both.join('\n') + LONG;
    await length(ben.page, text.length.toLocaleString('en'));
    const late = await open('editor-cid');
    await length(late.page, text.length.toLocaleString('en'));
    const reader = await join('editor-dan', 'plan');
    await shown(reader.text, text.length);
    expect(reader.text.toString()).toBe(text);
  });

  it('gives a late joiner the newest snapshot, and of the updates only those behind it', async () => {
    const snapshots = (await connected('editor-eve')).channel('chat:editor-notes-snapshots');
    const writer = await join('editor-fay', 'notes');
    // Each has nine pieces, and behind each fifth message comes a snapshot.
    for (const length of [LONG.length, 2 * LONG.length]) {
      const isThere = await snapshotOf(length, snapshots);
      writer.text.insert(0, LONG);
      await isThere();
    }
    writer.text.insert(0, '!');
    const late = await join('editor-gus', 'notes');
    await shown(late.text, 2 * LONG.length + 1);
    expect(late.text.toString()).toBe(`!${LONG}${LONG}`);
    expect(late.changes.length).toBeLessThan(3);
  });

  it('gives a late joiner a paste whole of which the first piece came before the snapshot', async () => {
    const other = await connected('editor-hal');
    const writer = await join('editor-ida', 'list', 1);
    const pasted = new Doc();
    pasted.getText('text').insert(0, LONG);
    const [first, ...rest] = cut(encodeStateAsUpdate(pasted), pasted.clientID, 0);

    await other.channel('chat:editor-list').publish(first);
    const isThere = await snapshotOf(1, other.channel('chat:editor-list-snapshots'));
    writer.text.insert(0, '!');
    await isThere();
    for (const part of rest) await other.channel('chat:editor-list').publish(part);

    const late = await join('editor-jim', 'list');
    await shown(late.text, LONG.length + 1);
    expect(late.text.toString().replace('!', '')).toBe(LONG);
  });
});

/** @returns what waits for a snapshot of a text of this length. */
async function snapshotOf(length: number, channel: Channel): Promise<() => Promise<void>> {
  const pieces = new Pieces();
  let ready: Promise<void> | undefined;
  const isThere = new Promise<void>((resolve) => {
    const subscription = channel.subscribe(({ data }) => {
      const snapshot = pieces.add(v.parse(piece, data));
      if (snapshot && textOf(snapshot).length === length) resolve();
    });
    ready = subscription.ready;
  });
  await ready;
  return () => isThere;
}

function textOf(snapshot: Uint8Array): Text {
  const doc = new Doc();
  applyUpdate(doc, snapshot);
  return doc.getText('text');
}

/** Settles when the text has this length. */
function shown(text: Text, length: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => text.length === length && resolve();
    text.observe(look);
    look();
  });
}
