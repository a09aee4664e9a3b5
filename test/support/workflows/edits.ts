import type { ChangeClass } from '../../../src/domain/diff/diff-definitions.ts';
import { type Document, stepIn } from './ticket-flow.ts';

/** One thing that may be done to the ticket flow, and all that a diff must say of it. None touches what another one does. */
export interface Edit {
  readonly what: string;
  readonly edit: (document: Document) => void;
  readonly class: ChangeClass;
  readonly sentences: readonly string[];
}

const of =
  (changeClass: ChangeClass) =>
  (what: string, edit: Edit['edit'], ...sentences: string[]): Edit => ({ what, edit, class: changeClass, sentences });
const [model, prompt, tools, logic] = [of('model'), of('prompt'), of('tools'), of('logic')];
const [schema, quality, limits, binding, cosmetic] = [
  of('schema'),
  of('quality'),
  of('limits'),
  of('binding'),
  of('cosmetic'),
];

const summarise = (document: Document) => stepIn(document, 'summarise');

export const EDITS: readonly Edit[] = [
  model(
    'model',
    (d) => (summarise(d).model = 'claude-opus'),
    'Model of ‘Summarise’ changed from ‘claude-sonnet’ to ‘claude-opus’',
  ),
  model('model removed', (d) => delete stepIn(d, 'note').model, 'Model of ‘note’ removed (was ‘claude-haiku’)'),
  model(
    'provider',
    (d) => (summarise(d).provider = 'openai'),
    'Provider of ‘Summarise’ changed from ‘anthropic’ to ‘openai’',
  ),
  model(
    'temperature',
    (d) => (summarise(d).modelParameters.temperature = 0.7),
    'Temperature of ‘Summarise’ changed from 0.2 to 0.7',
  ),
  model(
    'max tokens',
    (d) => delete summarise(d).modelParameters.maxTokens,
    'Max tokens of ‘Summarise’ removed (was 800)',
  ),
  model(
    'another parameter',
    (d) => (summarise(d).modelParameters.topK = 5),
    'Model parameters of ‘Summarise’: topK set to 5',
  ),
  model(
    'parameters where there were none',
    (d) => (stepIn(d, 'draft').modelParameters = { temperature: 1 }),
    'Temperature of ‘draft’ set to 1',
  ),
  prompt(
    'system prompt',
    (d) => (summarise(d).systemPrompt = 'You are a support lead.\nBe brief.\nBe kind.\nSay so.\nAnswer as JSON!'),
    'System prompt of ‘Summarise’ modified (+3 −1 lines)',
  ),
  prompt(
    'task',
    (d) => (summarise(d).task = 'Shorten: {{ inputs.ticket }}'),
    'Task of ‘Summarise’ changed from ‘Summarise: {{ inputs.ticket }}’ to ‘Shorten: {{ inputs.ticket }}’',
  ),
  prompt('recipe', (d) => delete summarise(d).recipe, 'Recipe of ‘Summarise’ removed (was ‘ticket-summary’)'),
  prompt(
    'expected output',
    (d) => (summarise(d).expectedOutput = 'Two sentences'),
    'Expected output of ‘Summarise’ changed from ‘Three sentences’ to ‘Two sentences’',
  ),
  tools(
    'tools',
    (d) => (summarise(d).tools = ['calendar', 'search']),
    'Tool ‘calendar’ added to ‘Summarise’',
    'Tool ‘lookup’ removed from ‘Summarise’',
  ),
  tools('MCP server added', (d) => summarise(d).mcpServers.push('jira'), 'MCP server ‘jira’ added to ‘Summarise’'),
  tools(
    'the tool that is called',
    (d) => (stepIn(d, 'page').tool = 'siren'),
    'Tool of ‘page’ changed from ‘pager’ to ‘siren’',
  ),
  tools(
    'an argument',
    (d) => (stepIn(d, 'page').arguments.team = 'growth'),
    'Arguments of ‘page’: team changed from ‘support’ to ‘growth’',
  ),
  logic(
    'condition',
    (d) => (stepIn(d, 'route').condition.if = 'true'),
    'Condition ‘route’: if changed from ‘steps.summarise.output.urgent’ to ‘true’',
  ),
  logic(
    'dependency',
    (d) => (stepIn(d, 'route').dependsOn = ['score']),
    '‘route’ now depends on ‘score’',
    '‘route’ no longer depends on ‘Summarise’',
  ),
  logic(
    'what a loop goes over',
    (d) => (stepIn(d, 'refine').loop.over = 'inputs.tags'),
    'Loop ‘refine’: over changed from ‘steps.summarise.output.points’ to ‘inputs.tags’',
  ),
  logic(
    'rounds of a loop',
    (d) => (stepIn(d, 'refine').loop.maxIterations = 5),
    'Loop ‘refine’: max iterations changed from 3 to 5',
  ),
  logic(
    'end of a loop',
    (d) => delete stepIn(d, 'refine').loop.breakWhen,
    'Loop ‘refine’: break when removed (was ‘score > 0.9’)',
  ),
  logic(
    'concurrency',
    (d) => (stepIn(d, 'fan-out').parallel.maxConcurrency = 4),
    'Parallel ‘fan-out’: max concurrency changed from 2 to 4',
  ),
  logic('inputs of a step', (d) => (stepIn(d, 'orders').inputs.limit = 10), 'Inputs of ‘orders’: limit set to 10'),
  logic(
    'URL',
    (d) => (stepIn(d, 'orders').http.url = 'https://o.example.com'),
    'URL of ‘orders’ changed from ‘https://orders.example.com’ to ‘https://o.example.com’',
  ),
  logic(
    'header',
    (d) => (stepIn(d, 'orders').http.headers.Accept = 'text/csv'),
    'Headers of ‘orders’: Accept changed from ‘application/json’ to ‘text/csv’',
  ),
  logic(
    'code',
    (d) => (stepIn(d, 'score').code.source = 'const a = 2;\nreturn a;'),
    'Code of ‘score’ modified (+1 −1 lines)',
  ),
  logic('approval', (d) => (stepIn(d, 'ask').approval.count = 2), 'Approval count of ‘ask’ changed from 1 to 2'),
  logic('approver', (d) => stepIn(d, 'ask').approval.approvers.push('U0MAX'), 'Approvers of ‘ask’: ‘U0MAX’ added'),
  logic(
    'type of a step',
    (d) => (stepIn(d, 'translate_en').type = 'agent'),
    'Type of ‘translate_en’ changed from ‘llm’ to ‘agent’',
  ),
  logic(
    'step added',
    (d) => d.steps.push({ id: 'thank', type: 'llm', label: 'Thank', model: 'claude-haiku', mcpServers: ['mail'] }),
    'Step ‘Thank’ added (llm, model ‘claude-haiku’, MCP server ‘mail’)',
  ),
  logic(
    'step added in a loop',
    (d) => stepIn(d, 'refine').loop.steps.push({ id: 'judge', type: 'llm' }),
    'Step ‘judge’ added in loop ‘refine’ (llm)',
  ),
  logic(
    'step removed from a branch',
    (d) => stepIn(d, 'fan-out').parallel.branches[1].steps.pop(),
    'Step ‘translate_de’ removed from ‘german’ of parallel ‘fan-out’',
  ),
  logic(
    'step moved to another branch',
    (d) => d.steps[1].condition.then.push(d.steps[1].condition.else.shift()),
    'Step ‘queue’ moved from ‘else’ to ‘then’ of condition ‘route’',
  ),
  logic(
    'trigger changed',
    (d) => (d.triggers[0].schedule = '0 4 * * *'),
    'Trigger ‘nightly’: schedule changed from ‘0 3 * * *’ to ‘0 4 * * *’',
  ),
  logic(
    'environments of a trigger',
    (d) => (d.triggers[0].environments = ['staging']),
    'Trigger ‘nightly’: environment ‘production’ removed',
    'Trigger ‘nightly’: environment ‘staging’ added',
  ),
  logic('trigger added', (d) => d.triggers.push({ id: 'hook', type: 'webhook' }), 'Trigger ‘hook’ added (webhook)'),
  logic('event emitted', (d) => d.emits.push('ticket.closed'), 'Event ‘ticket.closed’ is now emitted'),
  schema(
    'input field added',
    (d) => (d.inputs.properties.language = { type: 'string' }),
    'Input field ‘language’ added (string)',
  ),
  schema('input field required', (d) => d.inputs.required.push('customer'), 'Input field ‘customer’ is now required'),
  schema(
    'type of an input field',
    (d) => (d.inputs.properties.ticket.type = 'number'),
    'Input field ‘ticket’: type changed from ‘string’ to ‘number’',
  ),
  schema(
    'nested input field',
    (d) => delete d.inputs.properties.customer.properties.tier,
    'Input field ‘customer.tier’ removed (string)',
  ),
  schema(
    'field of the items of a list',
    (d) => (d.inputs.properties.tags.items.properties.colour = { type: 'string' }),
    'Input field ‘tags[].colour’ added (string)',
  ),
  schema('output field removed', (d) => delete d.outputs.properties.queue, 'Output field ‘queue’ removed (string)'),
  schema(
    'output field of a step',
    (d) => (summarise(d).outputs.properties.mood = { type: 'string' }),
    'Output field ‘mood’ of ‘Summarise’ added (string)',
  ),
  schema(
    'required output field of a step',
    (d) => (summarise(d).outputs.required = []),
    'Output field ‘points’ of ‘Summarise’ is no longer required',
  ),
  quality(
    'threshold',
    (d) => (stepIn(d, 'check').evaluation.threshold = 0.9),
    'Quality threshold of ‘check’ changed from 0.7 to 0.9',
  ),
  quality(
    'criterion changed',
    (d) => (stepIn(d, 'check').evaluation.criteria[0].weight = 3),
    'Criterion ‘accuracy’ of ‘check’: weight changed from 2 to 3',
  ),
  quality(
    'criterion added',
    (d) => stepIn(d, 'check').evaluation.criteria.push({ id: 'length', type: 'llm-rubric' }),
    'Criterion ‘length’ added to ‘check’',
  ),
  limits('timeout', (d) => (summarise(d).timeout = '1m'), 'Timeout of ‘Summarise’ changed from ‘30s’ to ‘1m’'),
  limits(
    'retry attempts',
    (d) => (summarise(d).retry.maxAttempts = 3),
    'Retry attempts of ‘Summarise’ changed from 2 to 3',
  ),
  limits(
    'retry delay',
    (d) => (summarise(d).retry.delay = '2s'),
    'Retry delay of ‘Summarise’ changed from ‘1s’ to ‘2s’',
  ),
  limits(
    'retry backoff',
    (d) => delete summarise(d).retry.backoff,
    'Retry backoff of ‘Summarise’ removed (was ‘exponential’)',
  ),
  limits(
    'error policy',
    (d) => (summarise(d).onError = 'continue'),
    'Error policy of ‘Summarise’ changed from ‘fail’ to ‘continue’',
  ),
  limits(
    'rounds of an agent',
    (d) => (stepIn(d, 'draft').maxIterations = 9),
    'Max iterations of ‘draft’ changed from 4 to 9',
  ),
  binding(
    'binding',
    (d) => (d.bindings.crm.connection = 'crm-us'),
    'Binding ‘crm’: connection changed from ‘crm-eu’ to ‘crm-us’',
  ),
  binding('binding added', (d) => (d.bindings.mail = 'smtp'), 'Binding ‘mail’ added (‘smtp’)'),
  cosmetic('name', (d) => (d.name = 'tickets'), 'Workflow renamed from ‘ticket-flow’ to ‘tickets’'),
  cosmetic(
    'description',
    (d) => (d.description = 'Answers'),
    'Description of the workflow changed from ‘Answers support tickets’ to ‘Answers’',
  ),
  cosmetic('label', (d) => (stepIn(d, 'polish').label = 'Polish'), 'Step ‘polish’ renamed to ‘Polish’'),
  cosmetic(
    'description of a step',
    (d) => delete summarise(d).description,
    'Description of ‘Summarise’ removed (was ‘Says it shortly’)',
  ),
];
