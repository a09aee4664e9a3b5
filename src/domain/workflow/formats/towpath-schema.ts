import { z } from 'zod';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** The step types of `towpath/v1`. */
export const STEP_TYPES = [
  'llm',
  'agent',
  'tool',
  'http',
  'code',
  'condition',
  'loop',
  'parallel',
  'evaluation',
  'approval',
  'workflow',
] as const;

const ID = /^[a-z][a-z0-9_-]*$/;
const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/;
const ID_WORDS = 'must begin with a lower-case letter and go on with lower-case letters, digits, _ or -';

const id = z.string().max(100).regex(ID, { error: ID_WORDS });
const text = z.string();
const jsonObject = z.custom<JsonObject>(isObject, { error: 'must be a mapping' });
const json = z.custom<Json>((value) => value !== undefined);

/** `${NAME:default}` and `{{ … }}` are filled when a version is resolved; until then nothing can be said about the value. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && (value.includes('${') || value.includes('{{'));
}

/** Takes what the schema takes, or a template in its place. */
function templated<T>(schema: z.ZodType<T>): z.ZodType<T | string> {
  return z.unknown().transform((value, context) => {
    if (isTemplate(value)) return value;
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as (typeof context.issues)[number]);
    return z.NEVER;
  }) as unknown as z.ZodType<T | string>;
}

const duration = templated(
  z.custom<string>((value) => typeof value === 'string' && DURATION.test(value), {
    error: 'must be a duration such as 30s, 5m or 1h',
  }),
);
const fraction = templated(z.number().min(0).max(1));
const count = templated(z.number().int().min(1).max(1_000_000));
const names = z.array(z.string().min(1));

const criterion = z.strictObject({
  id,
  type: z.string().min(1),
  value: json.optional(),
  weight: templated(z.number().min(0)).optional(),
  threshold: fraction.optional(),
  model: text.optional(),
  provider: text.optional(),
  description: text.optional(),
});

/** Nested steps are read one by one, with their own paths: here they are only lists. */
const steps = z.array(z.unknown());

// biome-ignore lint/suspicious/noThenProperty: the format's own word; a list is no promise.
const condition = z.strictObject({ if: z.string().min(1), then: steps.optional(), else: steps.optional() });

const loop = z.strictObject({
  over: text.optional(),
  maxIterations: count.optional(),
  max_iterations: count.optional(),
  breakWhen: text.optional(),
  steps,
});

const parallel = z.strictObject({
  branches: z.array(z.strictObject({ name: z.string().min(1).max(100), steps })),
  maxConcurrency: count.optional(),
});

/** One step, its nested steps unread. */
export const stepSchema = z.strictObject({
  id,
  type: z.enum(STEP_TYPES),
  label: text.optional(),
  description: text.optional(),
  dependsOn: z.array(z.string()).optional(),
  provider: text.optional(),
  model: text.optional(),
  llm: text.optional(),
  modelParameters: jsonObject.optional(),
  temperature: templated(z.number().min(0)).optional(),
  maxTokens: count.optional(),
  max_tokens: count.optional(),
  systemPrompt: text.optional(),
  instruction: text.optional(),
  instructions: text.optional(),
  task: text.optional(),
  recipe: text.optional(),
  expectedOutput: text.optional(),
  expected_output: text.optional(),
  tools: names.optional(),
  mcpServers: names.optional(),
  dataSources: names.optional(),
  maxIterations: count.optional(),
  max_iterations: count.optional(),
  inputs: jsonObject.optional(),
  outputs: jsonObject.optional(),
  timeout: duration.optional(),
  retry: z
    .strictObject({
      maxAttempts: count.optional(),
      delay: duration.optional(),
      backoff: z.enum(['fixed', 'linear', 'exponential']).optional(),
    })
    .optional(),
  onError: z.enum(['fail', 'continue']).optional(),
  condition: condition.optional(),
  loop: loop.optional(),
  parallel: parallel.optional(),
  evaluation: z.strictObject({ criteria: z.array(criterion), threshold: fraction.optional() }).optional(),
  tool: z.string().min(1).optional(),
  arguments: jsonObject.optional(),
  http: z
    .strictObject({
      method: text.optional(),
      url: z.string().min(1),
      headers: jsonObject.optional(),
      query: jsonObject.optional(),
      body: json.optional(),
    })
    .optional(),
  code: z.strictObject({ language: text.optional(), source: text }).optional(),
  approval: z
    .strictObject({
      message: text.optional(),
      role: text.optional(),
      count: count.optional(),
      approvers: names.optional(),
    })
    .optional(),
  workflow: z
    .strictObject({ name: z.string().min(1), version: json.optional(), inputs: jsonObject.optional() })
    .optional(),
});

const trigger = z.strictObject({
  id,
  type: z.enum(['manual', 'schedule', 'webhook', 'event']),
  schedule: z.string().min(1).optional(),
  event: z.string().min(1).optional(),
  environments: names.optional(),
});

/** The whole document, its steps unread. */
export const workflowSchema = z.strictObject({
  $schema: text.optional(),
  apiVersion: z.literal('towpath/v1'),
  name: z.string().min(1).max(200),
  description: text.optional(),
  executionMode: z.enum(['sequential', 'dag']).optional(),
  inputs: jsonObject.optional(),
  outputs: jsonObject.optional(),
  steps,
  triggers: z.array(trigger).optional(),
  emits: names.optional(),
  bindings: jsonObject.optional(),
  layout: jsonObject.optional(),
});

export type RawStep = z.infer<typeof stepSchema>;
export type RawWorkflow = z.infer<typeof workflowSchema>;
