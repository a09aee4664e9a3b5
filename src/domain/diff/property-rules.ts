import type { ChangeClass } from './change.ts';

/** How a property of a step is classed and called. */
export interface PropertyRule {
  readonly class: ChangeClass;
  /** `Model` as in “Model of ‘Summarise’ changed …”; beginning lower-case: `max iterations` as in “Loop ‘refine’: max iterations changed …”. */
  readonly words: string;
}

/** Every property that the formats name, by its place in StepProperties. A place that is not here takes the rule of what it stands in. */
const RULES: Readonly<Record<string, PropertyRule>> = {
  provider: { class: 'model', words: 'Provider' },
  model: { class: 'model', words: 'Model' },
  modelParameters: { class: 'model', words: 'Model parameters' },
  'modelParameters.temperature': { class: 'model', words: 'Temperature' },
  'modelParameters.maxTokens': { class: 'model', words: 'Max tokens' },
  'modelParameters.topP': { class: 'model', words: 'Top P' },
  systemPrompt: { class: 'prompt', words: 'System prompt' },
  task: { class: 'prompt', words: 'Task' },
  recipe: { class: 'prompt', words: 'Recipe' },
  expectedOutput: { class: 'prompt', words: 'Expected output' },
  tools: { class: 'tools', words: 'Tools' },
  mcpServers: { class: 'tools', words: 'MCP servers' },
  dataSources: { class: 'tools', words: 'Data sources' },
  tool: { class: 'tools', words: 'Tool' },
  arguments: { class: 'tools', words: 'Arguments' },
  toolSettings: { class: 'tools', words: 'Tool settings' },
  toolDescriptions: { class: 'tools', words: 'Tool description' },
  mcpServerConfig: { class: 'tools', words: 'MCP server settings' },
  knowledge: { class: 'tools', words: 'Knowledge' },
  condition: { class: 'logic', words: 'condition' },
  'condition.if': { class: 'logic', words: 'if' },
  'condition.elseIf': { class: 'logic', words: 'else if' },
  'condition.cases': { class: 'logic', words: 'cases' },
  loop: { class: 'logic', words: 'loop' },
  'loop.over': { class: 'logic', words: 'over' },
  'loop.maxIterations': { class: 'logic', words: 'max iterations' },
  'loop.breakWhen': { class: 'logic', words: 'break when' },
  parallel: { class: 'logic', words: 'parallel' },
  'parallel.maxConcurrency': { class: 'logic', words: 'max concurrency' },
  inputs: { class: 'logic', words: 'Inputs' },
  http: { class: 'logic', words: 'Request' },
  'http.method': { class: 'logic', words: 'Method' },
  'http.url': { class: 'logic', words: 'URL' },
  'http.headers': { class: 'logic', words: 'Headers' },
  'http.query': { class: 'logic', words: 'Query' },
  'http.body': { class: 'logic', words: 'Body' },
  code: { class: 'logic', words: 'Code' },
  'code.source': { class: 'logic', words: 'Code' },
  'code.component': { class: 'logic', words: 'Component code' },
  'code.language': { class: 'logic', words: 'Language' },
  approval: { class: 'logic', words: 'Approval' },
  'approval.message': { class: 'logic', words: 'Approval message' },
  'approval.role': { class: 'logic', words: 'Approval role' },
  'approval.count': { class: 'logic', words: 'Approval count' },
  'approval.approvers': { class: 'logic', words: 'Approvers' },
  workflow: { class: 'logic', words: 'Called workflow' },
  'workflow.name': { class: 'logic', words: 'Called workflow' },
  'workflow.version': { class: 'logic', words: 'Version of the called workflow' },
  'workflow.inputs': { class: 'logic', words: 'Inputs of the called workflow' },
  evaluation: { class: 'quality', words: 'Evaluation' },
  'evaluation.threshold': { class: 'quality', words: 'Quality threshold' },
  'evaluation.criteria': { class: 'quality', words: 'Criteria' },
  timeout: { class: 'limits', words: 'Timeout' },
  maxIterations: { class: 'limits', words: 'Max iterations' },
  retry: { class: 'limits', words: 'Retry' },
  'retry.onFail': { class: 'limits', words: 'Retry on failure' },
  'retry.maxRetries': { class: 'limits', words: 'Retries of the model' },
  'retry.maxAttempts': { class: 'limits', words: 'Retry attempts' },
  'retry.delay': { class: 'limits', words: 'Retry delay' },
  'retry.backoff': { class: 'limits', words: 'Retry backoff' },
  onError: { class: 'limits', words: 'Error policy' },
  deployment: { class: 'model', words: 'Deployment' },
  'prompt.tools': { class: 'tools', words: 'Tool settings' },
  'prompt.responseFormat': { class: 'schema', words: 'Response format' },
  'prompt.outputFormat': { class: 'schema', words: 'Output format' },
  'promptfoo.tools': { class: 'tools', words: 'Tool settings' },
  'promptflow.variant': { class: 'logic', words: 'Default variant' },
  'promptflow.prompt': { class: 'prompt', words: 'Prompt file' },
  nodeType: { class: 'logic', words: 'Node type' },
  typeVersion: { class: 'logic', words: 'Node version' },
  parameters: { class: 'logic', words: 'Parameters' },
  node: { class: 'logic', words: 'Node settings' },
  'parameters.jsonSchemaExample': { class: 'schema', words: 'Example of the output' },
  settings: { class: 'logic', words: 'Settings' },
  alwaysOutputData: { class: 'limits', words: 'Output without data' },
  prompts: { class: 'prompt', words: 'Prompt' },
  jinja: { class: 'prompt', words: 'Jinja variables' },
  classes: { class: 'prompt', words: 'Classes' },
  strategy: { class: 'logic', words: 'Agent strategy' },
  answer: { class: 'logic', words: 'Answer' },
  template: { class: 'logic', words: 'Template' },
  query: { class: 'logic', words: 'Query' },
  memory: { class: 'logic', words: 'Memory' },
  'memory.query_prompt_template': { class: 'prompt', words: 'Task' },
  context: { class: 'logic', words: 'Context' },
  vision: { class: 'model', words: 'Vision' },
  retrieval: { class: 'tools', words: 'Retrieval' },
  'crewai.role': { class: 'prompt', words: 'Role' },
  'crewai.goal': { class: 'prompt', words: 'Goal' },
  'crewai.backstory': { class: 'prompt', words: 'Backstory' },
  'crewai.agent': { class: 'logic', words: 'Agent' },
  'crewai.function_calling_llm': { class: 'model', words: 'Model for tool calls' },
  'crewai.max_rpm': { class: 'limits', words: 'Requests a minute' },
};

export interface FoundRule extends PropertyRule {
  /** How many parts of the path the rule covers; the rest is said as it stands in the document. */
  readonly depth: number;
}

/** The rule of the longest beginning of a path that has one. */
export function findRule(path: readonly string[]): FoundRule | null {
  for (let depth = Math.min(path.length, 2); depth > 0; depth--) {
    const key = path.slice(0, depth).join('.');
    const rule = Object.hasOwn(RULES, key) ? RULES[key] : undefined;
    if (rule !== undefined) return { ...rule, depth };
  }
  return null;
}
