/**
 * Finds and loads a function's handler in the order and with the errors of Lambda's own runtime client
 * (github.com/aws/aws-lambda-nodejs-runtime-interface-client).
 *
 * Plain JavaScript, because execution environments load it.
 */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The first Node.js version of Lambda without callbacks. */
const WITHOUT_CALLBACKS = 24;

/** The number of parameters of a handler with a callback. */
const WITH_CALLBACK = 3;

/**
 * @param {string} folder the folder of the function's code
 * @param {string} handler `src/handlers/connect.main`, or with deeper members: `index.chat.connect`
 * @returns {Promise<Function>}
 */
export async function loadHandler(folder, handler) {
  const { dir, base } = path.posix.parse(handler);
  const [name = '', ...members] = base.split('.');
  const loaded = await loadModule(path.resolve(folder, dir, name), handler);
  const found = members.reduce((within, member) => within?.[member], loaded);
  if (found === undefined || found === null) throw handlerNotFound(`${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw handlerNotFound(`${handler} is not a function`);
  return found;
}

/**
 * Whether a handler calls back. From Node.js 24 on, a third parameter is a mistake that Lambda finds when it loads the function.
 *
 * @param {Function} handler
 * @param {string} runtime `nodejs22.x`
 */
export function checkForm(handler, runtime) {
  if (takesPlainResults(runtime) && handler.length >= WITH_CALLBACK) {
    const error = new Error(
      `AWS Lambda has no callbacks from Node.js ${WITHOUT_CALLBACKS} on, and ${runtime} runs this function: return the result instead of taking a third parameter.`,
    );
    error.name = 'Runtime.CallbackHandlerDeprecated';
    throw error;
  }
}

/**
 * Whether a handler that is not async may return its result.
 *
 * @param {string} runtime
 */
export function takesPlainResults(runtime) {
  return Number(/^nodejs(\d+)/.exec(runtime)?.[1]) >= WITHOUT_CALLBACKS;
}

/**
 * The file without an ending first, then CommonJS, then modules.
 *
 * @param {string} file absolute, without an ending
 * @param {string} handler
 */
async function loadModule(file, handler) {
  const require = createRequire(import.meta.url);
  if (!isModule(path.dirname(file)) && existsSync(`${file}.js`)) return require(`${file}.js`);
  for (const ending of ['.js', '.mjs'])
    if (existsSync(file + ending)) return import(pathToFileURL(file + ending).href);
  if (existsSync(`${file}.cjs`)) return require(`${file}.cjs`);
  const error = new Error(`Cannot find the file of the handler ${handler}`);
  error.name = 'Runtime.ImportModuleError';
  throw error;
}

/**
 * Whether the nearest `package.json` makes `.js` files modules.
 *
 * @param {string} folder
 * @returns {boolean}
 */
function isModule(folder) {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
  const parent = path.dirname(folder);
  if (parent === folder || path.basename(folder) === 'node_modules') return false;
  return isModule(parent);
}

/** @param {string} message */
function handlerNotFound(message) {
  const error = new Error(message);
  error.name = 'Runtime.HandlerNotFound';
  return error;
}
