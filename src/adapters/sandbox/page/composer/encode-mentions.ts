import type { SandboxChannel, SandboxPerson } from '../../protocol.ts';

const NAMED = /(^|[\s(])([@#])([\p{L}\p{N}._-]+)/gu;

/**
 * Writes the names that people type as Slack's own client sends them: `@lee` becomes `<@U…>`, `#general` `<#C…>`.
 * A name that nobody has stays as it is, and so does everything inside code.
 */
export function encodeMentions(text: string, people: readonly SandboxPerson[], channels: readonly SandboxChannel[]): string {
  return text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : encodeNames(part, people, channels)))
    .join('');
}

function encodeNames(text: string, people: readonly SandboxPerson[], channels: readonly SandboxChannel[]): string {
  return text.replace(NAMED, (whole, before: string, sign: string, typed: string) => {
    // A full stop ends a sentence more often than a name.
    const name = typed.replace(/[.]+$/, '');
    const rest = typed.slice(name.length);
    if (sign === '@') {
      const person = people.find((other) => other.name.toLowerCase() === name.toLowerCase());
      return person === undefined ? whole : `${before}<@${person.id}>${rest}`;
    }
    const channel = channels.find((other) => other.kind === 'channel' && other.name === name.toLowerCase());
    return channel === undefined ? whole : `${before}<#${channel.id}|${channel.name}>${rest}`;
  });
}

/** Slack's three escapes, so that a typed `<` is never read as markup; names are encoded afterwards. */
export function escapeTyped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
