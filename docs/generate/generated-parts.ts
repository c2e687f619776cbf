/** Replaces the generated parts of a page: the text between `<!-- generated: name -->` and `<!-- end -->`. */

const PART = /(<!-- generated: (\w+) -->\n).*?(<!-- end -->)/gs;

/** @throws Error for a part that is not in `sections`. */
export function withGeneratedParts(page: string, sections: Readonly<Record<string, () => string>>): string {
  return page.replaceAll(PART, (_all, start, name, end) => {
    const section = sections[name];
    if (!section) throw new Error(`The page has an unknown generated part: ${name}`);
    return `${start}\n${section()}\n\n${end}`;
  });
}
