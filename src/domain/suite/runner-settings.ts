import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { isSecretSetting } from '../settings/secret-in-setting.ts';
import { SETTING_NAME } from '../settings/setting-name.ts';

/** How a runner is reached: what `runner:` of an environment's settings says. */
export type RunnerSettings = z.output<typeof runnerSettings>;

const secretName = z
  .string()
  .regex(SETTING_NAME, { error: 'has to be the name of a secret of this environment, such as RUNNER_TOKEN' });

const address = z
  .string()
  .max(2_000)
  .refine(isPlainAddress, {
    error: 'has to be an http or https address without a user name or password in it',
    abort: true,
  })
  .refine((url) => !isSecretSetting('url', url), {
    error: 'holds a secret; name it under `secrets`, and only that name here',
  });

const header = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, { error: 'has to be the name of a header, such as X-Api-Key' })
  .refine((name) => !OWN_HEADERS.has(name.toLowerCase()), { error: 'is a header that Towpath sets itself' });
const OWN_HEADERS = new Set([
  'host',
  'content-length',
  'content-type',
  'transfer-encoding',
  'connection',
  'accept-encoding',
]);

const shadowSafe = z
  .boolean()
  .default(false)
  .describe('Runs with `shadow: true` have no effects on the world. Without it, nothing is replayed here.');
const kind = <Kind extends string>(name: Kind) => z.literal(name).describe('Which kind of runner it is.');
const reached = {
  url: address.describe('Where it is called. Only https, and nothing private, unless the operator allows it.'),
  shadowSafe,
};

const price = closedObject({
  input: z.number().min(0).max(100_000).describe('US dollars for a million tokens that go in.'),
  output: z.number().min(0).max(100_000).describe('US dollars for a million tokens that come out.'),
});

/** An endpoint that speaks the protocol of OpenAI or of Anthropic. */
export const modelEndpoint = closedObject({
  protocol: z
    .enum(['openai', 'anthropic'], { error: 'has to be openai or anthropic' })
    .describe('Which protocol it speaks.'),
  url: address.describe('Where the API begins, such as https://api.openai.com/v1.'),
  secret: secretName.optional().describe('The secret that holds the API key.'),
  prices: z
    .record(z.string().min(1).max(200), price)
    .optional()
    .describe('Prices by model; without one a cost is unknown.'),
});
export type ModelEndpoint = z.output<typeof modelEndpoint>;

/** What `runner:` takes: which kind it is, and how it is reached. */
export const runnerSettings = z.discriminatedUnion(
  'kind',
  [
    closedObject({
      kind: kind('http'),
      ...reached,
      secret: secretName.optional().describe('The secret that is sent.'),
      header: header.optional().describe('The header it is sent in; left out, as a bearer token.'),
    }),
    closedObject({
      kind: kind('n8n'),
      ...reached,
      secret: secretName.optional().describe('The secret that the webhook’s header authentication asks for.'),
      header: header.optional().describe('The header it is sent in; left out, as a bearer token.'),
    }),
    closedObject({
      kind: kind('dify'),
      ...reached,
      secret: secretName.describe('The secret that holds the app’s API key.'),
      app: z
        .enum(['workflow', 'chat', 'completion'], { error: 'has to be workflow, chat or completion' })
        .default('workflow')
        .describe('What the app is: chat is for chatflows, agents and chatbots.'),
    }),
    closedObject({
      kind: kind('exec'),
      command: z.string().min(1).max(100).describe('A command by its name in the operator’s file.'),
      shadowSafe,
    }),
    closedObject({
      kind: kind('ai'),
      providers: z
        .record(z.string().min(1).max(100), modelEndpoint)
        .refine((held) => Object.keys(held).length >= 1, { error: 'needs at least one provider' })
        .refine((held) => Object.keys(held).length <= 20, { error: 'has more than 20 providers' })
        .describe('Endpoints by the provider that steps name; with only one, it answers every step.'),
    }),
  ],
  { error: 'has to be a mapping with kind: http, n8n, dify, exec or ai' },
);

function isPlainAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === '';
}
