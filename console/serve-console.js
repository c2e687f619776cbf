/** Serves the console's files; nothing else on the disk can be reached. */
import { replyError } from '../packages/local/src/web/error-reply.js';
import { localConsoleSite } from './console-site.js';
/** No inline script and no other origin: what a message contains can never run. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; connect-src 'self' ws: wss: http: https:; frame-ancestors 'none'";
/** @param name What follows `/console/` in the path. */
export async function serveConsole(name, response) {
    const file = localConsoleSite.get(name === '' ? 'index.html' : name);
    if (!file) {
        replyError(response, 404, 'NotFoundException', 'Not Found');
        return;
    }
    const content = await file.content();
    response.writeHead(200, {
        'Content-Type': file.type,
        'Content-Security-Policy': CONTENT_SECURITY_POLICY,
        'Cache-Control': 'no-cache',
        'X-Content-Type-Options': 'nosniff',
    });
    response.end(content);
}
