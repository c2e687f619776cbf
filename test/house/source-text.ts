/** Splits TypeScript and JavaScript into the parts that people read: comments, and the names of tests. */

export interface Passage {
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
}

export interface SourceText {
  readonly comments: readonly Passage[];
  readonly testNames: readonly Passage[];
}

/** In this order: a comment begins like a pattern, and a pattern like a division. */
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const QUOTED = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const TEMPLATE_TEXT = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
const PATTERN = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;

/** Code in front of a slash that begins a pattern: an operator, an opening bracket, or a word that takes a value. */
const BEFORE_PATTERN = /(?:^|[-=(,:;[!&|?{}+*%<>~^]|\b(?:return|typeof|case|of|in|await|yield|throw|else))$/;

/** Code in front of the name of a test: `it(`, `describe.each(…)(`. */
const BEFORE_NAME = /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\($/;

/** Reads a file once, from its first character to its last. */
export function readSource(source: string): SourceText {
  return new Reader(source).read();
}

class Reader {
  private readonly source: string;
  private position = 0;
  /** Where the passage began that was noted last, and its line. */
  private noted = 0;
  private line = 1;
  /** The last code that was read, without white space: enough of it to decide what may follow. */
  private code = '';
  /** Open braces. After those of a `${`, the text of a template goes on: any text, or the name of a test. */
  private readonly braces: ('block' | 'text' | 'name')[] = [];
  private readonly comments: Passage[] = [];
  private readonly testNames: Passage[] = [];

  constructor(source: string) {
    this.source = source;
  }

  read(): SourceText {
    while (this.position < this.source.length) this.step();
    return { comments: this.comments, testNames: this.testNames };
  }

  private step(): void {
    const comment = this.take(COMMENT);
    if (comment !== undefined) this.note(this.comments, comment);
    else this.stepOverCode();
  }

  private stepOverCode(): void {
    const quoted = this.take(QUOTED);
    if (quoted !== undefined) this.value(quoted);
    else if (this.mayBeginPattern() && this.take(PATTERN) !== undefined) this.append('0');
    else this.stepOverCharacter();
  }

  private stepOverCharacter(): void {
    const character = this.source[this.position] ?? '';
    this.position += 1;
    if (character === '{') this.braces.push('block');
    if (character === '}') this.closeBrace();
    else if (character === '`') this.templateText(this.isName() ? 'name' : 'text');
    else if (character.trim() !== '') this.append(character);
    else if (/\w$/.test(this.code)) this.append(' ');
  }

  private mayBeginPattern(): boolean {
    return this.source[this.position] === '/' && BEFORE_PATTERN.test(this.code.trimEnd());
  }

  private closeBrace(): void {
    const opened = this.braces.pop();
    if (opened === 'text' || opened === 'name') this.templateText(opened);
    else this.append('}');
  }

  /** Up to the end of the template, or to a `${`, whose code is read as any other. */
  private templateText(kind: 'text' | 'name'): void {
    const text = this.take(TEMPLATE_TEXT) ?? '';
    if (kind === 'name') this.note(this.testNames, text);
    const goesOn = this.source.startsWith('${', this.position);
    this.position += goesOn ? 2 : 1;
    if (goesOn) this.braces.push(kind);
    // Inside `${` an expression begins; behind a template a division may follow.
    this.append(goesOn ? ',' : '0');
  }

  private value(text: string): void {
    if (this.isName()) this.note(this.testNames, text);
    this.append('0');
  }

  /** A text is a name of a test, or a part of one: in the `${` of a name. */
  private isName(): boolean {
    return BEFORE_NAME.test(this.code) || this.braces.at(-1) === 'name';
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const taken = pattern.exec(this.source)?.[0];
    if (taken !== undefined) this.position += taken.length;
    return taken;
  }

  /** Notes the passage that ends at the position. Passages come in order, so each character is searched for lines once. */
  private note(passages: Passage[], text: string): void {
    const start = this.position - text.length;
    this.line += this.source.slice(this.noted, start).split('\n').length - 1;
    this.noted = start;
    passages.push({ line: this.line, text });
  }

  private append(code: string): void {
    this.code = this.code.slice(-40) + code;
  }
}
