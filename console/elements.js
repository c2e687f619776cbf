/** Finding and making elements. Content only ever enters as text: a message can never become markup. */

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function part(root, selector, type) {
  const element = root.querySelector(selector);
  if (element instanceof type) return element;
  throw new Error(`The page lacks the ${type.name} "${selector}".`);
}

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 */
export function find(id, type) {
  return part(document, `#${id}`, type);
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
 * @param {() => unknown} action Runs in place of the browser's own action.
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
