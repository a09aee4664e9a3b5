import { RunnerFailure } from '../../use-cases/ports/runners.ts';

/**
 * The data of server-sent events, one text an event. The bytes are bounded where they come from, so what is kept of an event is too.
 * @throws RunnerFailure
 */
export async function* readEvents(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const kept: string[] = [];
  let data: string[] = [];
  for await (const piece of pieces) {
    const lines = decoder.decode(piece, { stream: true }).split(/\r\n|\n|\r/);
    for (const [index, part] of lines.entries()) {
      kept.push(part);
      if (index === lines.length - 1) continue;
      // Joined once a line, so that a line in a million pieces takes no longer than one.
      const line = kept.splice(0).join('');
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
      }
    }
  }
}

/** @throws RunnerFailure malformed */
export function parseEvent(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new RunnerFailure('malformed', 'The runner sent an event that is no JSON mapping.');
}
