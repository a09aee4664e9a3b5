/** One message of a prompt, as chat models take them. */
export interface PromptMessage {
  readonly role: string;
  readonly text: string;
}

export interface Prompts {
  readonly systemPrompt?: string;
  readonly task?: string;
}

/**
 * A list of messages in the two words that every step has. What the system says first is the system prompt. One message
 * of the user is the task as it stands; a longer conversation is a task in which each message is headed by its role.
 */
export function promptsOf(messages: readonly PromptMessage[]): Prompts {
  const said = messages.filter(({ text }) => text !== '');
  const start = said.findIndex(({ role }) => role !== 'system');
  const system = start < 0 ? said : said.slice(0, start);
  const rest = start < 0 ? [] : said.slice(start);
  const [first] = rest;
  const isPlain = rest.length === 1 && first?.role === 'user';
  const task = isPlain ? first.text : rest.map(({ role, text }) => `${role}:\n${text}`).join('\n\n');
  return {
    ...(system.length > 0 && { systemPrompt: system.map(({ text }) => text).join('\n\n') }),
    ...(rest.length > 0 && { task }),
  };
}
