/** The table of prices: a column for each currency, and a row for each other one that it has a price in. */

import { BASES } from './bases.ts';

const cells = new Map<string, HTMLElement>();

function addRow(currency: string): void {
  const head = Object.assign(document.createElement('th'), { scope: 'row', textContent: currency });
  const row = document.createElement('tr');
  row.append(head);
  for (const base of BASES) cells.set(`${base}/${currency}`, row.insertCell());
  document.getElementById('prices')?.append(row);
}

// The other rows come with their first prices.
for (const base of BASES) addRow(base);

export function showPrice(base: string, currency: string, price: number): void {
  const symbol = `${base}/${currency}`;
  if (!cells.has(symbol)) addRow(currency);
  const cell = cells.get(symbol);
  if (!cell) return;
  const before = Number(cell.textContent || price);
  cell.className = price > before ? 'up' : price < before ? 'down' : '';
  cell.textContent = String(price);
}

/** A button above a column, which turns it on and off. */
export function addColumn(base: string, turn: (isOn: boolean) => void): void {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: base });
  const isOn = () => button.ariaPressed === 'true';
  button.ariaPressed = 'true';
  button.addEventListener('click', () => {
    button.ariaPressed = String(!isOn());
    for (const [symbol, cell] of cells) if (symbol.startsWith(base)) cell.className = isOn() ? '' : 'old';
    turn(isOn());
  });
  const head = Object.assign(document.createElement('th'), { scope: 'col' });
  head.append(button);
  document.getElementById('bases')?.append(head);
}

export const symbols = () => [...cells.values()].filter((cell) => cell.textContent !== '').length;
