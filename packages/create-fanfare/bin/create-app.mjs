/** Writes the files of `template/` into a new folder, under the name of the app. */

import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('../template/', import.meta.url));

/** The names in the template, which become those of the app. */
const NAME = 'my-app';
const STACK = 'MyApp';

/** npm leaves a `.gitignore` out of a tarball, or renames it. */
const RENAMED = new Map([['gitignore', '.gitignore']]);

/** npm takes it as the name of a package, and CloudFormation, without the hyphens, as the name of a stack. */
const APP_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** The name of the stack begins those of functions, which have 64 characters. */
const MOST_CHARACTERS = 32;

const OWN_PACKAGES = ['fanfare', 'fanfare-client', 'fanfare-local'];

/** A mistake that the user can mend. */
export class CreateError extends Error {}

/**
 * @param {string} folder Where the app is written. It does not exist yet, or it is empty.
 * @param {string} [packages] A folder with tarballs of our packages, instead of the registry.
 * @returns {Promise<string>} What to do next.
 * @throws {CreateError} before anything is written.
 */
export async function createApp(folder, packages) {
  const app = path.resolve(folder);
  const name = path.basename(app);
  if (!APP_NAME.test(name) || name.length > MOST_CHARACTERS)
    throw new CreateError(
      `${JSON.stringify(name)} cannot be the name of an app: it has at most ${MOST_CHARACTERS} small letters, digits and single hyphens, and begins with a letter.`,
    );
  const tarballs = packages === undefined ? new Map() : await tarballsIn(path.resolve(packages));
  const files = await templateFiles();
  await checkEmpty(app);

  for (const file of files) {
    const text = await readFile(path.join(TEMPLATE, file), 'utf8');
    const named = text.replaceAll(NAME, name).replaceAll(STACK, stackNameOf(name));
    const place = path.join(app, path.dirname(file), RENAMED.get(path.basename(file)) ?? path.basename(file));
    await mkdir(path.dirname(place), { recursive: true });
    // `wx` fails if another program has written the file meanwhile.
    await writeFile(place, file === 'package.json' ? withTarballs(named, tarballs) : named, { flag: 'wx' });
  }
  const there = path.relative(process.cwd(), app);
  return `${name} is in ${there}. Now run:\n\n  cd ${there} && npm install && npm test\n  npm start`;
}

/** @param {string} name */
function stackNameOf(name) {
  return name.replaceAll(/(?:^|-)(\w)/g, (_all, letter) => letter.toUpperCase());
}

/** @returns {Promise<string[]>} by their paths below the template, without what an editor or a compiler left there. */
async function templateFiles() {
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(TEMPLATE, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** @param {string} folder */
async function checkEmpty(folder) {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory())
    throw new CreateError(`${folder} is a file. Name a folder that does not exist yet.`);
  const [first] = await readdir(folder);
  if (first !== undefined)
    throw new CreateError(
      `${folder} has ${first} in it. Name a folder that is empty, or does not exist yet.`,
    );
}

/**
 * @param {string} folder
 * @returns {Promise<Map<string, string>>} the tarball of each of our packages
 */
async function tarballsIn(folder) {
  const names = await readdir(folder).catch(() => []);
  return new Map(
    OWN_PACKAGES.map((name) => {
      const tarball = names.find((file) => new RegExp(`^${name}-\\d[\\w.-]*\\.tgz$`).test(file));
      if (tarball === undefined)
        throw new CreateError(
          `${folder} has no tarball of ${name}: "npm pack" in a clone of Fanfare writes it.`,
        );
      return [name, path.join(folder, tarball)];
    }),
  );
}

/**
 * @param {string} text
 * @param {ReadonlyMap<string, string>} tarballs
 */
function withTarballs(text, tarballs) {
  const manifest = JSON.parse(text);
  for (const kind of ['dependencies', 'devDependencies'])
    for (const name of Object.keys(manifest[kind])) {
      const tarball = tarballs.get(name);
      if (tarball !== undefined) manifest[kind][name] = `file:${tarball}`;
    }
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
