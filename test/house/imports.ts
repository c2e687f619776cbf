/** Reads the imports of a source file: values, types, re-exports, `import()` and `import('…').Type`. */

import { parseSync, Visitor } from 'oxc-parser';

/** @returns each specifier once */
export function importsOf(path: string, source: string): string[] {
  const parsed = parseSync(path, source);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  const { staticImports, staticExports } = parsed.module;
  const specifiers = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
    ),
  ];
  // The parser builds its tree only when `program` is read, which takes ten times as long as the rest.
  if (!source.includes('import(')) return [...new Set(specifiers)];
  new Visitor({
    ImportExpression(node) {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string') {
        specifiers.push(node.source.value);
      }
    },
    TSImportType: (node) => void specifiers.push(node.source.value),
  }).visit(parsed.program);
  return [...new Set(specifiers)];
}
