/** Words that a reader has to read twice, and where they stand. */

import { type Passage, readSource } from './source-text.ts';

export const riddleWords = [
  'whoever',
  'whomever',
  'whichever',
  'whatever',
  'wherever',
  'nobody',
  'somebody',
  'anybody',
  'everybody',
  'someone',
  'those who',
  'so many',
  'is none',
  'are none',
  'is nowhere',
  'by then',
  'give or take',
  'however many',
  'however often',
  'once and for all',
  'sees to it',
  'what came of',
  'what comes of',
  'what becomes of',
  'hears of',
  'who comes and goes',
  'worked off',
  'works off',
];

const RIDDLE = new RegExp(
  `\\b(?:${riddleWords.join('|').replaceAll(' ', '\\s+(?:\\*\\s+|//\\s+)?')})\\b`,
  'gi',
);

/** A code block of a page: programs and transcripts are printed as they run. */
const CODE_BLOCK = /^( *```).*?^\1 *$/gms;

/**
 * The riddle words of a file as `file:line: word`. In code, only comments and names of tests are read; on pages, all text
 * except code blocks.
 */
export function riddlesIn(file: string, text: string): string[] {
  const passages = file.endsWith('.md') ? [{ line: 1, text: withoutCodeBlocks(text) }] : read(text);
  return passages.flatMap((passage) => riddlesOf(passage).map((riddle) => `${file}:${riddle}`));
}

/** The text with an empty line for each line of a code block, so that other lines keep their numbers. */
function withoutCodeBlocks(page: string): string {
  return page.replaceAll(CODE_BLOCK, (block) => block.replaceAll(/[^\n]/g, ''));
}

function read(source: string): readonly Passage[] {
  const { comments, testNames } = readSource(source);
  return [...comments, ...testNames];
}

function riddlesOf({ line, text }: Passage): string[] {
  return [...text.matchAll(RIDDLE)].map(({ 0: word, index }) => {
    const linesBefore = text.slice(0, index).split('\n').length - 1;
    return `${line + linesBefore}: ${word.replaceAll(/[\s*/]+/g, ' ')}`;
  });
}
