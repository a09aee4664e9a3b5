import type { Directory } from '../state/directory.ts';

const TOKEN = /<([@#])([A-Z0-9]+)(?:\|[^<>]*)?>|https?:\/\/[^\s<>|]+|[@#][^\s@#<>]+|[&<>]/gu;

/**
 * What Slack makes of typed words before an app sees them, with `should_escape` set: known @names and #names become
 * `<@U…|name>` and `<#C…|name>`, addresses become `<https://…>`, and `&`, `<`, `>` are escaped. What names nobody stays as typed.
 */
export function escapeTyped(typed: string, directory: Directory): string {
  return typed.replace(TOKEN, (token, mark?: string, id?: string) => {
    if (mark && id) return mentionById(directory, mark, id) ?? escapeCharacters(token);
    if (/^https?:/.test(token)) return linkOf(token);
    if (token.length > 1) return mentionByName(directory, token) ?? token;
    return escapeCharacters(token);
  });
}

/** An address without the punctuation of the sentence around it. */
function linkOf(token: string): string {
  const tail = /[.,;:!?)]+$/.exec(token)?.[0] ?? '';
  return `<${escapeCharacters(token.slice(0, token.length - tail.length))}>${tail}`;
}

function mentionById(directory: Directory, mark: string, id: string): string | null {
  const known = mark === '@' ? directory.people.get(id) : directory.channels.get(id);
  return known ? `<${mark}${known.id}|${known.name}>` : null;
}

function mentionByName(directory: Directory, token: string): string | null {
  const mark = token.charAt(0);
  const all = [...(mark === '@' ? directory.people : directory.channels).values()];
  const word = token.slice(1);
  const bare = word.replace(/[.,;:!?)]+$/, '');
  for (const name of [word, bare]) {
    const known = all.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (known) return `<${mark}${known.id}|${known.name}>${word.slice(name.length)}`;
  }
  return null;
}

function escapeCharacters(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
