import { IMPORTANCE, type Part } from './parts.ts';
import { cut, plain } from './text.ts';

/** A picture that Slack has, and the same in words. */
export interface ShownPicture {
  fileId: string;
  alt: string;
}

const ALT_MAX = 2_000;

/** What changed in the graph; where the message grows too long, the sentences above say it too. */
export function picture({ fileId, alt }: ShownPicture): Part {
  return {
    block: { type: 'image', slack_file: { id: fileId }, alt_text: cut(plain(alt, ALT_MAX), ALT_MAX) },
    importance: IMPORTANCE.note,
  };
}
