/** Of the whole flow: what says nothing about what it does. Of a node, only its name, its type and the values of its fields count. */
export const NOISE: ReadonlySet<string> = new Set([
  'id',
  'user_id',
  'folder_id',
  'folder',
  'updated_at',
  'created_at',
  'date_created',
  'is_component',
  'last_tested_version',
  'tags',
  'icon',
  'icon_bg_color',
  'gradient',
  'style',
  'locked',
  'fs_path',
  'public',
  'access_type',
  'viewport',
]);

/** Kinds that the common words know, by the type of a component; the others keep their type. */
export const KINDS: Readonly<Record<string, string>> = {
  Agent: 'agent',
  LanguageModelComponent: 'llm',
  APIRequest: 'http',
  PythonREPLComponent: 'code',
  PythonFunction: 'code',
  CustomComponent: 'code',
  ConditionalRouter: 'condition',
  DataConditionalRouter: 'condition',
  SmartRouter: 'condition',
  LoopComponent: 'loop',
  RunFlow: 'workflow',
  SubFlow: 'workflow',
  FlowTool: 'workflow',
  MCP: 'tool',
  MCPTools: 'tool',
  MCPSse: 'tool',
  MCPStdio: 'tool',
};

/** Types of fields whose values belong to one installation: what they name must be there, and is another one elsewhere. */
export const BINDING_TYPES: ReadonlySet<string> = new Set(['file', 'auth', 'connect', 'connection', 'SecretStr']);
export const SECRET_INPUTS: ReadonlySet<string> = new Set(['SecretStrInput', 'MultilineSecretInput', 'AuthInput']);
export const SECRET_NAME = /(?:api_?key|password|secret|access_?token|auth_?token|bearer_?token)$/i;

/** Fields that the editor fills by itself, or that only say what it shows. */
export const FIELD_NOISE: ReadonlySet<string> = new Set([
  '_type',
  'code',
  'tool_placeholder',
  '_frontend_node_flow_id',
]);

/** What the editor keeps beside the name in the items of a chosen list. */
export const CHOICE_NOISE: ReadonlySet<string> = new Set([
  'chosen',
  'selected',
  'icon',
  'metadata',
  'category',
  'link',
]);

/** Fields in the common words, by their name. */
export const PLACES: Readonly<Record<string, string>> = {
  provider: 'provider',
  model_provider: 'provider',
  agent_llm: 'provider',
  model_name: 'model',
  model: 'model',
  model_id: 'model',
  system_prompt: 'systemPrompt',
  system_message: 'systemPrompt',
  template: 'task',
  max_iterations: 'maxIterations',
  timeout: 'timeout',
  request_timeout: 'timeout',
  max_retries: 'retry.maxAttempts',
};

/** Fields that set how a model answers; model parameters only where a step has a model. */
export const MODEL_PARAMETERS: ReadonlySet<string> = new Set([
  'temperature',
  'max_tokens',
  'max_output_tokens',
  'max_new_tokens',
  'top_p',
  'top_k',
  'n',
  'seed',
  'stream',
  'json_mode',
  'model_kwargs',
  'frequency_penalty',
  'presence_penalty',
  'repetition_penalty',
  'reasoning_effort',
  'dimensions',
  'base_url',
  'api_base',
  'openai_api_base',
  'azure_deployment',
  'api_version',
]);

/** Fields of the component that calls an address. */
export const HTTP_PLACES: Readonly<Record<string, string>> = {
  url_input: 'http.url',
  urls: 'http.url',
  url: 'http.url',
  curl_input: 'http.curl',
  method: 'http.method',
  headers: 'http.headers',
  body: 'http.body',
  query_params: 'http.query',
};

/** Fields of the component that goes one way or the other. */
export const CONDITION_PLACES: Readonly<Record<string, string>> = {
  operator: 'condition.operator',
  match_text: 'condition.value',
  case_sensitive: 'condition.caseSensitive',
  default_route: 'condition.default',
};

/** Fields that hold what a step runs. */
export const CODE_PLACES: Readonly<Record<string, string>> = {
  python_code: 'code.source',
  function_code: 'code.source',
  tool_code: 'code.source',
  input_code: 'code.source',
};
