/** Finding and making elements. Content only ever enters as text: a message can never become markup. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function find(id, type) {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`index.html lacks the ${type.name} "${id}".`);
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} className
 */
export function create(tag, text = '', className = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/**
 * @param {string} id
 * @param {'click' | 'submit'} type
 * @param {() => unknown} action In place of what the browser would do.
 */
export function on(id, type, action) {
  find(id, HTMLElement).addEventListener(type, (event) => {
    event.preventDefault();
    action();
  });
}

/**
 * A table body's row.
 *
 * @param {readonly string[]} cells The first one is its header.
 */
export function row(cells) {
  const element = create('tr');
  cells.forEach((text, index) => {
    const cell = create(index === 0 ? 'th' : 'td', text);
    if (index === 0) cell.setAttribute('scope', 'row');
    element.append(cell);
  });
  return element;
}
