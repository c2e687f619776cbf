/** The list of the examples, at `/examples/`. */

import type { Example } from './examples.ts';

/** Titles and lines come from the pages of this repository, where they are HTML already. */
export function examplesIndex(examples: readonly Example[]): string {
  const items = examples.map(
    ({ name, title, line }) => `<li><a href="${name}/">${title}</a><p>${line}</p></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Examples</title>
<link rel="icon" href="/console/icon.svg">
<link rel="stylesheet" href="look.css">
</head>
<body>
<header><h1>Examples</h1><nav><a href="/">Tour</a></nav></header>
<main><ul class="cards">
${items.join('\n')}
</ul></main>
</body>
</html>
`;
}
