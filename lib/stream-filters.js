/** Filters of an event source mapping, checked against what Lambda takes before anything is deployed. */
import { ALL } from 'fanfare-protocol/channel';
import config from '../fanfare.config.js';
import { SettingError } from './setting-error.js';
/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const MOST_FILTERS = 5;
const MOST_CHARACTERS = 4_096;
/**
 * The filters of a reader on a stage. A change passes if it matches one of them.
 *
 * @throws SettingError for names of namespaces that make a filter longer than Lambda takes; Error for too many filters.
 */
export function streamFilters(reader, changes, settings) {
    return checkedFilters(reader, changes(namespacesOf(settings)));
}
/** All namespaces of the stage but `@all`, in which every connection is. */
function namespacesOf({ name }) {
    const { namespaces, builtIn } = config({ local: name === 'local' });
    return Object.keys({ ...namespaces, ...builtIn }).filter((namespace) => namespace !== ALL);
}
/** @throws SettingError for names of namespaces that make a filter longer than Lambda takes; Error for too many filters. */
export function checkedFilters(reader, filters) {
    if (filters.length > MOST_FILTERS)
        throw new Error(`The reader ${reader} has ${filters.length} filters; Lambda takes ${MOST_FILTERS}.`);
    const longest = Math.max(...filters.map((filter) => JSON.stringify(filter).length));
    if (longest > MOST_CHARACTERS)
        throw new SettingError(`A filter of the reader ${reader} has ${longest} characters; Lambda takes ${MOST_CHARACTERS}. Fewer or shorter names of namespaces in fanfare.config.ts make it shorter.`);
    return filters;
}
