import type { PromptMessage } from '../prompt-messages.ts';

/** A line of its own, as in `system:` or `# user:`, or `{{role "model"}}` anywhere. */
const MARKER =
  /^[ \t]*(?:#{1,3}[ \t]*)?(?<line>system|developer|user|assistant|function|tool)[ \t]*(?:\[[^\]\n]{0,200}\][ \t]*)?:[ \t]*\r?$|\{\{~?\s{0,20}role\s{1,20}["'](?<tag>\w{1,30})["']\s{0,20}~?\}\}/gim;

/** Takes a prompt's text apart by the roles that it is marked with. Without a mark, all of it is what the user says. */
export function messagesOf(body: string): PromptMessage[] {
  const messages: PromptMessage[] = [];
  let role = 'user';
  let at = 0;
  const take = (end: number): void => {
    const text = trimmed(body.slice(at, end));
    if (text !== '') messages.push({ role, text });
  };
  for (const found of body.matchAll(MARKER)) {
    take(found.index);
    role = (found.groups?.['line'] ?? found.groups?.['tag'] ?? role).toLowerCase();
    at = found.index + found[0].length;
  }
  take(body.length);
  return messages;
}

/** Blank lines around a message are how people set it apart. */
function trimmed(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
}
