import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests reach into documents and change them at will.
export type Document = any;

/** A definition in Towpath's own format that uses all of it. Fresh each time, so a test may change it. */
export function ticketFlow(): Document {
  return {
    apiVersion: 'towpath/v1',
    name: 'ticket-flow',
    description: 'Answers support tickets',
    executionMode: 'sequential',
    inputs: {
      type: 'object',
      required: ['ticket'],
      properties: {
        ticket: { type: 'string' },
        customer: { type: 'object', properties: { tier: { type: 'string' } } },
        tags: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      },
    },
    outputs: { type: 'object', properties: { summary: { type: 'string' }, queue: { type: 'string' } } },
    triggers: [
      { id: 'nightly', type: 'schedule', schedule: '0 3 * * *', environments: ['production'] },
      { id: 'again', type: 'event', event: 'ticket.answered' },
    ],
    emits: ['ticket.answered'],
    steps: [summarise(), route(), refine(), fanOut(), fetchOrders(), score(), askLead(), check()],
    bindings: { crm: { connection: 'crm-eu' } },
    layout: { summarise: { x: 10, y: 20 } },
  };
}

function summarise(): Document {
  return {
    id: 'summarise',
    type: 'llm',
    label: 'Summarise',
    description: 'Says it shortly',
    provider: 'anthropic',
    model: 'claude-sonnet',
    modelParameters: { temperature: 0.2, maxTokens: 800 },
    systemPrompt: 'You are a support lead.\nBe kind.\nAnswer as JSON.',
    task: 'Summarise: {{ inputs.ticket }}',
    recipe: 'ticket-summary',
    expectedOutput: 'Three sentences',
    tools: ['search', 'lookup'],
    mcpServers: ['slack'],
    outputs: {
      type: 'object',
      required: ['points'],
      properties: { points: { type: 'array' }, urgent: { type: 'boolean' } },
    },
    timeout: '30s',
    retry: { maxAttempts: 2, delay: '1s', backoff: 'exponential' },
    onError: 'fail',
  };
}

function route(): Document {
  return {
    id: 'route',
    type: 'condition',
    dependsOn: ['summarise'],
    condition: {
      if: 'steps.summarise.output.urgent',
      // biome-ignore lint/suspicious/noThenProperty: the format’s own word.
      then: [{ id: 'page', type: 'tool', tool: 'pager', arguments: { team: 'support' } }],
      else: [
        { id: 'queue', type: 'tool', tools: ['queue'] },
        { id: 'note', type: 'llm', model: 'claude-haiku' },
      ],
    },
  };
}

function refine(): Document {
  return {
    id: 'refine',
    type: 'loop',
    loop: {
      over: 'steps.summarise.output.points',
      maxIterations: 3,
      breakWhen: 'score > 0.9',
      steps: [
        { id: 'draft', type: 'agent', model: 'claude-sonnet', maxIterations: 4 },
        { id: 'polish', type: 'llm', model: 'claude-haiku' },
      ],
    },
  };
}

function fanOut(): Document {
  return {
    id: 'fan-out',
    type: 'parallel',
    parallel: {
      maxConcurrency: 2,
      branches: [
        { name: 'english', steps: [{ id: 'translate_en', type: 'llm' }] },
        { name: 'german', steps: [{ id: 'translate_de', type: 'llm' }] },
      ],
    },
  };
}

function fetchOrders(): Document {
  return {
    id: 'orders',
    type: 'http',
    inputs: { customer: '{{ inputs.customer }}' },
    http: { method: 'GET', url: 'https://orders.example.com', headers: { Accept: 'application/json' } },
  };
}

function score(): Document {
  return { id: 'score', type: 'code', code: { language: 'javascript', source: 'const a = 1;\nreturn a;' } };
}

function askLead(): Document {
  return {
    id: 'ask',
    type: 'approval',
    approval: { message: 'Send it?', role: 'lead', count: 1, approvers: ['U0LEE', 'U0ADA'] },
  };
}

function check(): Document {
  return {
    id: 'check',
    type: 'evaluation',
    evaluation: {
      criteria: [
        { id: 'accuracy', type: 'llm-rubric', value: 'facts match the ticket', weight: 2 },
        { id: 'tone', type: 'llm-rubric', value: 'kind', weight: 1 },
      ],
      threshold: 0.7,
    },
  };
}

/** Reads a document as if it had been pushed. */
export function read(document: Document): Definition {
  return readDefinition(JSON.stringify(document));
}

/** The ticket flow after a change. */
export function ticketFlowWith(change: (document: Document) => void): Definition {
  const document = ticketFlow();
  change(document);
  return read(document);
}

/** A step by id, however deep. */
export function stepIn(document: Document, id: string): Document {
  const lists: Document[][] = [document.steps];
  for (const list of lists) {
    for (const step of list) {
      if (step.id === id) return step;
      lists.push(...[step.condition?.then, step.condition?.else, step.loop?.steps].filter(Boolean));
      for (const branch of step.parallel?.branches ?? []) lists.push(branch.steps);
    }
  }
  throw new Error(`no step ${id}`);
}
