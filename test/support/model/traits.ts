/** What of a version anything depends on. */
export interface Traits {
  model: string;
  prompt: string;
}

/** What is another than in the version before: no risk, a medium one, and a high one. `named`: whether it names a variable. */
export type Like = 'label' | 'prompt' | 'model' | 'named';

const NAMED = ' Say ${GREETING:hi}.';
const MODELS = ['claude-sonnet', 'claude-haiku'];

/** Of v1, v2 and v3: a prompt changes, then a model. */
export const FIRST_TRAITS: readonly Traits[] = [
  { model: 'claude-sonnet', prompt: 'Answer.' },
  { model: 'claude-sonnet', prompt: `Answer.${NAMED}` },
  { model: 'claude-haiku', prompt: `Answer.${NAMED}` },
];

export function likeTraits(before: Traits | undefined, like: Like, number: number): Traits {
  const { model, prompt } = before ?? { model: 'claude-sonnet', prompt: 'Answer.' };
  if (like === 'model') return { prompt, model: MODELS.find((one) => one !== model) ?? model };
  if (like === 'prompt')
    return { model, prompt: namesVariable({ prompt }) ? `No ${number}.${NAMED}` : `No ${number}.` };
  if (like === 'named') return { model, prompt: namesVariable({ prompt }) ? `No ${number}.` : `No ${number}.${NAMED}` };
  return { model, prompt };
}

export function namesVariable({ prompt }: Pick<Traits, 'prompt'>): boolean {
  return prompt.endsWith(NAMED);
}

/** A document with these traits. The label makes each version another document, and no other workflow. */
export function sourceLike({ model, prompt }: Traits, number: number): string {
  const step = `{ id: answer, type: llm, label: Answer ${number}, model: ${model}, systemPrompt: ${JSON.stringify(prompt)} }`;
  return `apiVersion: towpath/v1\nname: summarize-flow\nsteps:\n  - ${step}\n`;
}

/** How risky it is to put one in the place of the other, by what differs. */
export function riskBetween(before: Traits | undefined, after: Traits | undefined): 'none' | 'medium' | 'high' {
  if (before === undefined || after === undefined) return 'medium';
  if (before.model !== after.model) return 'high';
  return before.prompt === after.prompt ? 'none' : 'medium';
}
