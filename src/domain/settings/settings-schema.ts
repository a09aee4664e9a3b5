import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { webhooksYaml } from '../configuration/webhooks-yaml.ts';
import { runnerSettings } from '../suite/runner-settings.ts';
import { isSecretSetting } from './secret-in-setting.ts';
import { secretSource } from './secret-source-schema.ts';
import { DURATION_TEXT, durationOf, SETTING_NAME } from './setting-name.ts';
import type { Settings } from './settings.ts';

/** What one layer holds at most. */
export const SETTINGS_LIMITS = {
  variables: 1_000,
  /** UTF-8 bytes of one value. */
  valueBytes: 16 * 1024,
  secrets: 200,
  steps: 500,
  mcpServers: 100,
  dataSources: 100,
  /** Keys of one data source, and of one set of model parameters. */
  keys: 50,
  /** Secrets that one document may have masked. */
  masked: 2_000,
} as const;

const SHORTEST_TIMEOUT = 1_000;
const LONGEST_TIMEOUT = 90 * 86_400_000;

export const settingName = z.string().regex(SETTING_NAME, {
  error: 'has to begin with a capital letter and hold only capital letters, digits and _, 128 characters at most',
});

/** Keys that people choose: aliases, ids of steps, parameters. Those that reach into JavaScript's own objects are none. */
const key = z
  .string()
  .min(1, { error: 'may not be empty' })
  .max(200, { error: 'is longer than 200 characters' })
  .refine((text) => text === text.trim() && !hasControls(text) && !['constructor', 'prototype'].includes(text), {
    error:
      'is no name: leave out line breaks and spaces around it, and choose another word than constructor or prototype',
  });

const plainText = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= SETTINGS_LIMITS.valueBytes, { error: 'is longer than 16 KB' })
  .refine((text) => !text.includes('\0') && text.isWellFormed(), {
    error: 'holds a character that no text may hold (NUL, or half of one)',
  });
const VALUE = { error: 'has to be text, a number, true or false' };
const value = z.union([plainText, z.number(), z.boolean()], VALUE);
const name = z
  .string()
  .trim()
  .min(1, { error: 'may not be empty' })
  .max(200, { error: 'is longer than 200 characters' });

const modelParameters = bounded(z.record(key, value), SETTINGS_LIMITS.keys, 'parameters')
  .superRefine(refuseSecrets)
  .describe('Parameters of the model, such as { temperature: 0.2 }.');

const modelShape = {
  provider: name.optional().describe('Which provider answers, where a step leaves it open.'),
  model: name.optional().describe('Which model answers, where a step leaves it open.'),
  modelParameters: modelParameters.optional(),
};

const TIMEOUT = 'has to be a duration with a unit, such as 30s, 5m or 1h, between 1s and 90d';
const timeout = z
  .string({ error: TIMEOUT })
  .regex(DURATION_TEXT, { error: TIMEOUT, abort: true })
  .refine((text) => durationOf(text) >= SHORTEST_TIMEOUT && durationOf(text) <= LONGEST_TIMEOUT, {
    error: TIMEOUT,
    abort: true,
  })
  .transform(durationOf);
const dollars = z.number().min(0).max(1_000_000);

const limits = closedObject({
  timeout: timeout.optional().describe('How long one run may take: 30s, 5m, 1h.'),
  retries: z.number().int().min(0).max(100).optional().describe('How often a run that failed is tried again.'),
  concurrency: z.number().int().min(1).max(10_000).optional().describe('How many runs go on at a time.'),
  costPerRun: dollars.optional().describe('US dollars that one run may cost.'),
  costPerDay: dollars
    .optional()
    .describe(
      'US dollars that all runs of a workflow may cost there in a day (UTC): those that Towpath ran, suites and replays included, and those that were reported. A single run may end above it where its runner tells what it cost only afterwards.',
    ),
});

const address = z
  .string()
  .max(2_000)
  .refine(isWebAddress, {
    error: 'has to be an http or https address without a user name or password in it',
    abort: true,
  })
  .refine((url) => !isSecretSetting('url', url), {
    error: 'holds a secret; name it under `secrets` and leave it out here',
  });

const mcpServer = closedObject({
  url: address.describe('Where it answers.'),
  transport: z
    .enum(['http', 'sse', 'stdio'], { error: 'has to be http, sse or stdio' })
    .default('http')
    .describe('How it is spoken to.'),
});

const dataSource = bounded(z.record(key, value), SETTINGS_LIMITS.keys, 'keys').superRefine(refuseSecrets);

const variables = bounded(z.record(settingName, value), SETTINGS_LIMITS.variables, 'variables')
  .superRefine((held, context) => {
    for (const [called, text] of Object.entries(held)) {
      if (isSecretSetting(called, text))
        context.addIssue({ code: 'custom', path: [called], message: insteadOf(called) });
    }
  })
  .describe('Values that are no secrets, by the names that workflows use: ${NAME}.');

/** What both layers may have. */
const shape = {
  variables: variables.optional(),
  secrets: bounded(z.record(settingName, secretSource), SETTINGS_LIMITS.secrets, 'secrets')
    .optional()
    .describe(
      'Where each secret comes from: { env: NAME }, { file: /path } or { vault: { path, key } }. Never the secret itself.',
    ),
  ...modelShape,
  steps: bounded(z.record(key, closedObject(modelShape)), SETTINGS_LIMITS.steps, 'steps')
    .optional()
    .describe('Another provider, model or parameters for single steps, by id.'),
  limits: limits.optional().describe('What one run, and all runs of a day, may take.'),
  mcpServers: bounded(z.record(key, mcpServer), SETTINGS_LIMITS.mcpServers, 'servers')
    .optional()
    .describe('Which MCP server a name in a workflow means here.'),
  dataSources: bounded(z.record(key, dataSource), SETTINGS_LIMITS.dataSources, 'data sources')
    .optional()
    .describe('Which data source a name in a workflow means here.'),
  runner: z
    .union([name, runnerSettings])
    .optional()
    .describe('What runs the workflows: { kind: http, url: … } for Towpath to have them run, or a name of your own.'),
};

const workflowShape = {
  ...shape,
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,30}$/, {
      error: "has to be a channel's id, such as C012ABCDEF (in Slack: the channel's details, at the bottom)",
    })
    .optional()
    .describe('Slack channel where the workflow is told of, in place of the environment’s.'),
  masked: bounded(
    z.record(z.string().min(1).max(20_000, { error: 'is longer than any path' }), settingName),
    SETTINGS_LIMITS.masked,
    'masked values',
  )
    .optional()
    .describe('Names of secrets, by the path of each masked value in the document.'),
};

/** Signing with a variable of the process is the operator's to say. */
const webhooksKept = z
  .never({ error: 'stands in towpath.yaml alone, where the operator names the variable that signs; leave it out here' })
  .optional()
  .describe('Given by towpath.yaml alone. Left out, it stays.');

const environmentSchema = closedObject(shape).superRefine(refuseBoth);
const workflowSchema = closedObject({ ...workflowShape, webhooks: webhooksKept }).superRefine(refuseBoth);
const workflowYaml = closedObject({
  ...workflowShape,
  webhooks: webhooksYaml
    .optional()
    .describe('Who is told of what happens to the workflow, in place of the environment’s webhooks. []: nobody.'),
}).superRefine(refuseBoth);

/** As a file writes it: durations are texts such as `30s`. */
export type SettingsFile = z.input<typeof workflowSchema>;

/** What checks and reads one layer as forms and the API write it. The answer says durations in milliseconds. */
export function settingsSchema({ layer }: { layer: 'environment' | 'workflow' }): z.ZodType<Settings, SettingsFile> {
  return (layer === 'environment' ? environmentSchema : workflowSchema) as z.ZodType<Settings, SettingsFile>;
}

/** What checks and reads a workflow's layer as `towpath.yaml` writes it: with its webhooks. */
export const workflowYamlSchema = workflowYaml as z.ZodType<Settings, z.input<typeof workflowYaml>>;

/** A record of so many entries at most. */
function bounded<Schema extends z.ZodRecord>(schema: Schema, most: number, noun: string): Schema {
  return schema.refine((held) => Object.keys(held).length <= most, {
    error: `has more than ${most.toLocaleString('en')} ${noun}`,
    abort: true,
  });
}

function refuseSecrets(held: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const [called, text] of Object.entries(held)) {
    if (isSecretSetting(called, text as string)) {
      const message = 'looks like a secret; name it under `secrets`, and write only that name here';
      context.addIssue({ code: 'custom', path: [called], message });
    }
  }
}

function insteadOf(called: string): string {
  return `looks like a secret; write \`secrets: { ${called}: { env: ${called} } }\` instead, with the variable that holds it`;
}

interface Named {
  readonly variables?: object | undefined;
  readonly secrets?: object | undefined;
}

/** A name is a variable or a secret, not both. */
function refuseBoth({ variables: held = {}, secrets = {} }: Named, context: z.RefinementCtx): void {
  for (const called of Object.keys(secrets).filter((one) => Object.hasOwn(held, one))) {
    const message = 'stands under variables as well; keep one of them';
    context.addIssue({ code: 'custom', path: ['secrets', called], message });
  }
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === '';
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
