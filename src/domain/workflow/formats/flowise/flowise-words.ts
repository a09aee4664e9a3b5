/** What says nothing about what a flow does. Of a node, only its name, its label and its inputs count. */
export const NOISE: ReadonlySet<string> = new Set([
  'id',
  'usecases',
  'framework',
  'badge',
  'viewport',
  'createdDate',
  'updatedDate',
  'workspaceId',
  'apikeyid',
  'deployed',
  'isPublic',
  'category',
  'type',
]);

/** Inputs that say which credential or file is used here. */
export const BINDINGS: ReadonlySet<string> = new Set(['credential', 'FLOWISE_CREDENTIAL_ID']);
/** Types of parameters whose values belong to one installation. */
export const BINDING_TYPES: ReadonlySet<string> = new Set(['credential', 'password', 'file', 'folder']);
export const SECRET_NAME = /(?:api_?key|password|secret|access_?token|auth_?token|bearer_?token)$/i;

export const NOTES: ReadonlySet<string> = new Set(['stickyNote', 'stickyNoteAgentflow']);

/** Kinds of agentflow nodes, of either version, that the common words know; the others keep their own name. */
export const KINDS: Readonly<Record<string, string>> = {
  llmAgentflow: 'llm',
  agentAgentflow: 'agent',
  conditionAgentflow: 'condition',
  conditionAgentAgentflow: 'condition',
  humanInputAgentflow: 'approval',
  loopAgentflow: 'loop',
  iterationAgentflow: 'loop',
  toolAgentflow: 'tool',
  httpAgentflow: 'http',
  customFunctionAgentflow: 'code',
  executeFlowAgentflow: 'workflow',
  seqAgent: 'agent',
  seqLLMNode: 'llm',
  seqCondition: 'condition',
  seqConditionAgent: 'condition',
  seqLoop: 'loop',
  seqToolNode: 'tool',
  seqCustomFunction: 'code',
  seqExecuteFlow: 'workflow',
};

/** Kinds of chatflow nodes, by category. */
export const CATEGORY_KINDS: Readonly<Record<string, string>> = {
  'Chat Models': 'llm',
  LLMs: 'llm',
  Agents: 'agent',
  'Multi Agents': 'agent',
  Tools: 'tool',
  'Tools (MCP)': 'tool',
};

/** Inputs that name a model, whose settings stand beside them under the same name with `Config`. */
export const MODELS: ReadonlySet<string> = new Set([
  'llmModel',
  'agentModel',
  'conditionAgentModel',
  'humanInputModel',
]);

export const MODEL_PARAMETERS: Readonly<Record<string, string>> = {
  maxTokens: 'maxTokens',
  maxOutputTokens: 'maxTokens',
  maxTokensToSample: 'maxTokens',
};

/** Model settings that do nothing while another one is off; the editor writes them all the same. */
export const NEEDS: Readonly<Record<string, string>> = {
  imageResolution: 'allowImageUploads',
  budgetTokens: 'extendedThinking',
};

/** Inputs in the common words, by the name of the input. */
export const PLACES: Readonly<Record<string, string>> = {
  conditionAgentInstructions: 'task',
  conditionAgentSystemPrompt: 'systemPrompt',
  conditionAgentOverrideSystemPrompt: 'systemPrompt',
  conditionAgentInput: 'input',
  humanInputDescription: 'approval.message',
  humanInputModelPrompt: 'systemPrompt',
  maxLoopCount: 'loop.maxIterations',
  iterationInput: 'loop.over',
  customFunctionJavascriptFunction: 'code.source',
  javascriptFunction: 'code.source',
  executeFlowSelectedFlow: 'workflow.name',
  executeFlowInput: 'workflow.inputs',
  systemMessage: 'systemPrompt',
  systemMessagePrompt: 'systemPrompt',
  systemPrompt: 'systemPrompt',
  agentPrompt: 'systemPrompt',
  supervisorPrompt: 'systemPrompt',
  workerPrompt: 'systemPrompt',
  temperature: 'modelParameters.temperature',
  humanMessagePrompt: 'task',
  template: 'task',
  maxIterations: 'maxIterations',
  agentMaxIterations: 'maxIterations',
  recursionLimit: 'maxIterations',
};

/** Inputs of the node that calls an address. */
export const HTTP_PLACES: Readonly<Record<string, string>> = {
  method: 'http.method',
  url: 'http.url',
  headers: 'http.headers',
  queryParams: 'http.query',
  body: 'http.body',
};

/** Lists of a name and a value each, that are told by the name. */
export const PAIRS: Readonly<Record<string, readonly [place: string, name: string, value: string]>> = {
  startState: ['state', 'key', 'value'],
  llmUpdateState: ['stateUpdates', 'key', 'value'],
  agentUpdateState: ['stateUpdates', 'key', 'value'],
  toolUpdateState: ['stateUpdates', 'key', 'value'],
  retrieverUpdateState: ['stateUpdates', 'key', 'value'],
  customFunctionUpdateState: ['stateUpdates', 'key', 'value'],
  executeFlowUpdateState: ['stateUpdates', 'key', 'value'],
  customFunctionInputVariables: ['inputs', 'variableName', 'variableValue'],
  toolInputArgs: ['arguments', 'inputArgName', 'inputArgValue'],
  headers: ['http.headers', 'key', 'value'],
  queryParams: ['http.query', 'key', 'value'],
};
