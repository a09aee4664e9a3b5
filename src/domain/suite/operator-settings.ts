import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { SETTING_NAME } from '../settings/setting-name.ts';
import { modelEndpoint } from './runner-settings.ts';

/** The operator's model that judges outputs, as `runners.judge` of towpath.yaml says it. */
export type JudgeSettings = z.output<typeof judgeSettings>;

const variable = z
  .string()
  .regex(/^\$\{[A-Z][A-Z0-9_]{0,127}\}$/, { error: 'has to be ${NAME}, the variable that holds the key' })
  .transform((text) => text.slice(2, -1));

const model = z.string().trim().min(1).max(200);

/** Where the judge answers, which models it uses, and the variable of Towpath's own process that holds its key. */
export const judgeSettings = closedObject({
  protocol: modelEndpoint.shape.protocol,
  url: modelEndpoint.shape.url,
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('The address may lead to this machine or a private network, and may be http.'),
  prices: modelEndpoint.shape.prices,
  secret: variable.optional().describe('${NAME} of the variable that holds the API key.'),
  model: model.describe('Which model judges.'),
  embeddings: model
    .optional()
    .describe(
      'Which model gives embeddings, for `similar`; left out, or with anthropic, the judging model compares texts.',
    ),
});

/** Places that runners may be called at although they are private, or not https. */
export const privateOrigins = z
  .array(
    z.string().refine((text) => ['https:', 'http:'].includes(URL.parse(text)?.protocol ?? ''), {
      error: 'has to be an http or https origin, such as http://10.0.0.5:8080',
    }),
  )
  .max(100)
  .describe(
    'Origins on this machine or a private network where runners of settings may be called, such as http://10.0.0.5:8080.',
  );

/** Commands that environments may be run by, as `runners.commands` of towpath.yaml names them. */
export const commandSettings = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_-]{0,99}$/, { error: 'has to be lower-case letters, digits, _ and -' }),
    closedObject({
      command: z
        .array(
          z
            .string()
            .max(4_000)
            .refine((text) => !text.includes('\0'), { error: 'holds NUL' }),
        )
        .min(1, { error: 'needs a program' })
        .max(100)
        .refine(([program = '']) => program.startsWith('/'), {
          error: 'has to begin with the absolute path of a program',
        })
        .transform(([program = '', ...parameters]): [string, ...string[]] => [program, ...parameters])
        .describe('The absolute path of a program, and its arguments. No shell looks at them.'),
      secrets: z
        .array(
          z
            .string()
            .regex(SETTING_NAME, { error: 'has to be the name of a secret' })
            .refine((name) => !RULING.test(name), {
              error: 'rules how programs start; give the secret another name',
            }),
        )
        .max(50)
        .default([])
        .describe('Secrets of the environment that it finds as variables.'),
      folder: z.string().startsWith('/', { error: 'has to be an absolute path' }).optional().describe('Where it runs.'),
    }),
  )
  .describe('Commands by name that `runner: { kind: exec, command: NAME }` may run. None: exec is off.');

/** Variables that a program, its loader or its language looks at before it begins. */
const RULING =
  /^(?:PATH|HOME|SHELL|IFS|ENV|BASH_ENV|CDPATH|LD_.*|DYLD_.*|NODE_.*|PYTHON.*|PERL.*|RUBY.*|JAVA_.*|GIT_.*)$/;

/** What the operator says of running workflows: `runners:` of towpath.yaml. Each process goes by its own file. */
export const operatorSettings = closedObject({
  judge: judgeSettings
    .optional()
    .describe('The model that judges outputs. Without one, what needs a judge is not judged.'),
  commands: commandSettings
    .default({})
    .describe('Commands by name, for `runner: { kind: exec, command: NAME }`. None: exec is off.'),
  origins: z
    .array(
      z.string().refine((text) => URL.parse(text)?.protocol === 'https:', {
        error: 'has to be an https origin, such as https://runner.example.com; private ones belong in privateOrigins',
      }),
    )
    .max(100)
    .optional()
    .describe(
      'The only origins, besides privateOrigins, that runners of settings may call and send secrets to. Left out: every public one, but what a workflow’s own settings say of its runner or secrets sends none.',
    ),
  privateOrigins: privateOrigins
    .default([])
    .describe('Origins on a private network where runners of settings may be called, such as http://10.0.0.5:8080.'),
});
export type OperatorSettings = z.output<typeof operatorSettings>;
