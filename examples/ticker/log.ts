/** A list whose newest line is the first. */

const LINES = 100;

export function record(id: string, text: string): void {
  const list = document.getElementById(id);
  const line = document.createElement('li');
  line.textContent = text;
  list?.prepend(line);
  if (list && list.childElementCount > LINES) list.lastElementChild?.remove();
}
