const LANGCHAIN = '@n8n/n8n-nodes-langchain.';
const BASE = 'n8n-nodes-base.';

/** A node type without the name of the package that everybody has: `slack`, `agent`. Community nodes keep theirs. */
export function shortType(type: string): string {
  if (type.startsWith(LANGCHAIN)) return type.slice(LANGCHAIN.length);
  return type.startsWith(BASE) ? type.slice(BASE.length) : type;
}

/** Drawn for people to read; they run nothing. */
export function isNote(type: string): boolean {
  return shortType(type) === 'stickyNote';
}

/** By short type, first match first. What matches nothing keeps its own type as its kind. */
const KINDS: readonly [RegExp, string][] = [
  [/^(?:agent|agentTool|openAiAssistant)$/, 'agent'],
  [/^(?:chain[A-Z]\w*|informationExtractor|textClassifier|sentimentAnalysis)$/, 'llm'],
  [/^(?:lm[A-Z]\w*|openAi|anthropic|googleGemini|ollama|mistralAi|perplexity|alibabaCloud)$/, 'llm'],
  [/^(?:code|function|functionItem|aiTransform)$/, 'code'],
  [/^httpRequest$/, 'http'],
  [/^(?:if|switch|filter)$/, 'condition'],
  [/^splitInBatches$/, 'loop'],
  [/^executeWorkflow$/, 'workflow'],
  [/^evaluation$/, 'evaluation'],
  [/^(?:tool[A-Z]\w*|mcpClient)$/, 'tool'],
  [/Tool$/, 'tool'],
];

/** Asks a person and waits for the answer, whatever app it asks through. */
const ASKS_PERSON = 'sendAndWait';

export function kindOf(type: string, operation: string | null): string {
  if (operation === ASKS_PERSON) return 'approval';
  const short = shortType(type);
  return KINDS.find(([pattern]) => pattern.test(short))?.[1] ?? short;
}

/** Whether its parameters say which model answers: language models, embeddings, and apps that are one. */
export function namesModel(type: string): boolean {
  const short = shortType(type);
  return /^(?:lm|embeddings|reranker)[A-Z]/.test(short) || PROVIDERS.has(short) || short === 'openAiAssistant';
}

const PROVIDERS = new Set(['openAi', 'anthropic', 'googleGemini', 'ollama', 'mistralAi', 'perplexity', 'alibabaCloud']);

/** Who runs the model, as the node type has it: `lmChatAzureOpenAi` is `AzureOpenAi`. */
export function providerOf(type: string): string | undefined {
  const short = shortType(type);
  if (PROVIDERS.has(short)) return short;
  if (short === 'openAiAssistant') return 'openAi';
  const [, provider] = /^(?:lmChat|lm|embeddings|reranker)([A-Z]\w*)$/.exec(short) ?? [];
  return provider === undefined ? undefined : `${provider.charAt(0).toLowerCase()}${provider.slice(1)}`;
}
