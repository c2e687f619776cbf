/** Words that a reader has to read twice, and where they stand. */

import { type Passage, readSource } from './source-text.ts';

export const riddleWords = ['whoever', 'whomever', 'nobody', 'somebody', 'so many', 'is none', 'are none'];

const RIDDLE = new RegExp(
  `\\b(?:${riddleWords.join('|').replaceAll(' ', '\\s+(?:\\*\\s+|//\\s+)?')})\\b`,
  'gi',
);

/** The riddle words of a file as `file:line: word`; of code, only those in comments and in names of tests. */
export function riddlesIn(file: string, text: string): string[] {
  const passages = file.endsWith('.md') ? [{ line: 1, text }] : read(text);
  return passages.flatMap((passage) => riddlesOf(passage).map((riddle) => `${file}:${riddle}`));
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
