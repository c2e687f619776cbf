/** The pool alone: to load all of `undici` takes twice as long, and a cold start waits for it. */

declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici';
}
