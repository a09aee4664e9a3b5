/** A made-up workflow in Towpath's own format and a next version of it in which about every ninth step changed somehow. */

// biome-ignore lint/suspicious/noExplicitAny: documents are changed at will.
type Document = any;

const WORDS = 'answer the customer kindly in two sentences and name the order that they ask about'.split(' ');

function prompt(seed: number): string {
  const line = (at: number) => WORDS.map((_, index) => WORDS[(index * 7 + at + seed) % WORDS.length]).join(' ');
  return [`You are assistant ${seed}.`, line(1), line(2), line(3), `Stop after ${seed % 9} tries.`].join('\n');
}

function step(index: number): Document {
  const shared = {
    id: `step_${index}`,
    label: `Step ${index}`,
    ...(index > 0 && { dependsOn: [`step_${index - 1}`] }),
  };
  switch (index % 4) {
    case 0:
      return {
        ...shared,
        type: 'tool',
        tool: 'search',
        arguments: { query: `q${index}`, limit: index % 50 },
        timeout: '30s',
      };
    case 1:
      return { ...shared, type: 'http', http: { method: 'GET', url: `https://api.example.com/${index}` } };
    default:
      return {
        ...shared,
        type: 'llm',
        provider: 'anthropic',
        model: 'claude-sonnet',
        modelParameters: { temperature: 0.2, maxTokens: 800 },
        systemPrompt: prompt(index),
        task: `Summarise {{ steps.step_${Math.max(0, index - 1)}.output }}`,
        tools: ['search', 'calendar'],
        outputs: {
          type: 'object',
          required: ['summary'],
          properties: { summary: { type: 'string' }, urgent: { type: 'boolean' } },
        },
        retry: { maxAttempts: 2, delay: '1s' },
      };
  }
}

export function makeFlow(steps: number): Document {
  return {
    apiVersion: 'towpath/v1',
    name: 'bench-flow',
    executionMode: 'dag',
    steps: Array.from({ length: steps }, (_, index) => step(index)),
  };
}

const EDITS: ((changed: Document) => void)[] = [
  (changed) => (changed.model = 'claude-opus'),
  (changed) => (changed.systemPrompt = changed.systemPrompt?.replace('kindly', 'briefly') ?? 'Be brief.'),
  (changed) => (changed.modelParameters = { ...changed.modelParameters, temperature: 0.7 }),
  (changed) => changed.tools?.push('mail'),
  (changed) => (changed.timeout = '1m'),
  (changed) => (changed.label = `${changed.label} again`),
];

/** The next version: one step of nine edited, one of two hundred removed, as many added. */
export function nextFlow(document: Document): Document {
  const next = structuredClone(document);
  const { length } = next.steps;
  for (let index = 2; index < length; index += 9) EDITS[((index / 9) % EDITS.length) | 0]?.(next.steps[index]);
  const kept = next.steps.filter((_: Document, index: number) => index % 200 !== 150);
  const gone = new Set(next.steps.filter((one: Document) => !kept.includes(one)).map(({ id }: Document) => id));
  for (const one of kept) if (gone.has(one.dependsOn?.[0])) delete one.dependsOn;
  const added = [...gone].map((_, index) => ({
    id: `new_${index}`,
    type: 'llm',
    model: 'claude-haiku',
    task: `New ${index}`,
  }));
  return { ...next, steps: [...kept, ...added] };
}
