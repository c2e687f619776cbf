/**
 * Cuts the bytes of a socket into requests. It is not a whole HTTP server: the endpoint shares the machine with the sender that is measured, so it
 * must be cheap.
 */

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

/** @param onRequest is told the path of every complete request. */
export function requestReader(onRequest: (path: string) => void): (chunk: Buffer) => void {
  let unread = '';
  return (chunk) => {
    unread += chunk.toString('latin1');
    for (;;) {
      const headEnd = unread.indexOf(HEAD_END);
      if (headEnd === -1) return;
      const head = unread.slice(0, headEnd);
      const end = headEnd + HEAD_END.length + Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
      if (unread.length < end) return;
      unread = unread.slice(end);
      onRequest(head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/')));
    }
  };
}
