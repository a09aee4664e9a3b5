import { clean, cut } from './text.ts';

/** What sentences of the use cases may hold of Slack's tokens: people, channels and moments. Everything else is text: a moment that is a link, too. */
const TOKEN = /<(?:@[UW][A-Z0-9]{1,30}|#C[A-Z0-9]{1,30}|!date\^\d{1,12}\^[^<>|^]{1,80}\|[^<>|]{1,80})>/g;

/**
 * A sentence in mrkdwn that may quote what somebody typed: mentions of people and channels stay, any other `<…>` (a
 * link, `<!channel>`) shows as the characters it is. Entities that are there already stay as they are.
 */
export function safeMrkdwn(text: string, max: number): string {
  const cleaned = cut(clean(text), max);
  let shown = '';
  let from = 0;
  for (const match of cleaned.matchAll(TOKEN)) {
    shown += escapedRest(cleaned.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  shown += escapedRest(cleaned.slice(from));
  return shown.trim() === '' ? '–' : shown;
}

function escapedRest(text: string): string {
  return text
    .replace(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
