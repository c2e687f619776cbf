/** What the logger of a function writes: the bytes that Lambda sends to CloudWatch Logs. */

import { Logger } from '@aws-lambda-powertools/logger';
import { vi } from 'vitest';

/** The lines that a function of this name writes. */
export function linesWrittenBy(serviceName: string, write: (log: Logger) => void): string[] {
  let text = '';
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += chunk.toString();
      return true;
    }),
  );
  try {
    write(new Logger({ serviceName, logLevel: 'INFO' }));
  } finally {
    for (const stream of streams) stream.mockRestore();
  }
  return text.split('\n').filter((line) => line !== '');
}
