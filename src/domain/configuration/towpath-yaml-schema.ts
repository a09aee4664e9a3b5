import ms from 'ms';
import { z } from 'zod';
import { lookUp } from '../look-up.ts';
import { ROLES } from '../person.ts';
import { settingsSchema, workflowYamlSchema } from '../settings/settings-schema.ts';
import { operatorSettings } from '../suite/operator-settings.ts';
import { isSlug } from '../workflow/slug.ts';
import { closedObject } from './closed-object.ts';
import { DAY, DEFAULT_SECRET_FOLDERS } from './configuration.ts';
import { approvalsYaml, requiresYaml, stricterYaml } from './requires-yaml.ts';
import { runsYamlSchema } from './runs-yaml.ts';
import { webhooksYaml } from './webhooks-yaml.ts';

/** The shape of `towpath.yaml`: what the file is checked by, and what its JSON Schema is made of. */

const MINUTE = 60_000;
const LONGEST_EXPIRY = 90 * DAY;
/** Colours that people write for a badge, as the emoji that shows them. */
const COLOURS: Record<string, string> = {
  green: ':large_green_circle:',
  yellow: ':large_yellow_circle:',
  orange: ':large_orange_circle:',
  red: ':red_circle:',
  blue: ':large_blue_circle:',
  purple: ':large_purple_circle:',
  brown: ':large_brown_circle:',
  black: ':black_circle:',
  white: ':white_circle:',
};

const NAME = {
  error:
    'has to begin with a lower-case letter and hold only lower-case letters, digits and dashes, 63 characters at most',
};
const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, NAME);
/** `v12` would be read as a version. */
const environmentName = name.refine((word) => !/^v\d+$/.test(word), {
  error: 'looks like a version number; choose another name',
});

const actingRole = z.enum(['member', 'lead', 'admin'], { error: 'has to be member, lead or admin' });
const role = z.enum(ROLES, { error: `has to be one of ${ROLES.join(', ')}` });

const DURATION = 'has to be a duration with a unit, such as 7d, 12h or 30m';
const duration = z
  .string({ error: DURATION })
  .regex(/^\d{1,9}(\.\d{1,3})? ?(s|m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/, {
    error: DURATION,
    abort: true,
  })
  .refine((text) => between(ms(text as ms.StringValue), MINUTE, LONGEST_EXPIRY), {
    error: 'has to be between 1m and 90d',
    abort: true,
  });

const badge = z.union(
  [
    z.enum(Object.keys(COLOURS)),
    z.string().regex(/^:[a-z0-9_+'-]{1,100}:$/),
    z.string().regex(/^\p{Extended_Pictographic}(?:\p{Extended_Pictographic}|\p{M}|\u200d|\ufe0f){0,10}$/u),
  ],
  {
    error: `has to be an emoji, such as :red_circle:, or one of ${Object.keys(COLOURS).join(', ')}`,
  },
);

const environment = closedObject({
  name: environmentName.describe('What the environment is called.'),
  aliases: z.array(environmentName).max(10).default([]).describe('Other words that people may type for it.'),
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,30}$/, {
      error: "has to be a channel's id, such as C012ABCDEF (in Slack: the channel's details, at the bottom)",
    })
    .optional()
    .describe(
      'Id of the Slack channel where its promotions and rollbacks are posted. Left out: where the command was typed.',
    ),
  badge: badge.optional().describe('An emoji or a colour shown beside its name.'),
  approvals: approvalsYaml.optional(),
  requires: requiresYaml
    .prefault({})
    .describe('What a promotion into it needs beside approvals: { tests: { minPassRate: 0.9 }, soak: { for: 24h } }.'),
  stricter: z
    .array(stricterYaml)
    .max(50)
    .default([])
    .describe('What some workflows are asked besides. It never asks less than the environment does.'),
  expireAfter: duration.default('7d').describe('How long a promotion into it stays open: 7d, 12h, 30m.'),
  webhooks: webhooksYaml.prefault([]).describe('Who is told of what happens in it.'),
  runPayloads: z
    .boolean()
    .default(false)
    .describe(
      'Whether inputs and outputs of its runs are kept, their secrets masked. Otherwise they are dropped as they come.',
    ),
  rollback: closedObject({ role: actingRole.default('member').describe('The least role that may roll back.') })
    .default({ role: 'member' })
    .describe('Who may roll back in it. A rollback never needs approval.'),
  settings: settingsSchema({ layer: 'environment' })
    .optional()
    .describe('What it gives every workflow. What is named here can be changed here only.'),
  workflows: z
    .record(
      z.string().refine(isSlug, {
        error: "has to be a workflow's name, such as summarize-flow: small letters, digits and dashes",
      }),
      workflowYamlSchema,
    )
    .default({})
    .describe('What it gives single workflows, by name: key by key in place of what every workflow gets.'),
});

const longPerson = closedObject({
  role: role.describe('What the person may do.'),
  departments: z
    .array(name)
    .max(50)
    .default([])
    .describe('Whose workflows the role is for. Left out: every department.'),
});

export const towpathYamlSchema = closedObject({
  departments: z
    .array(name)
    .max(100)
    .default([])
    .describe('Departments that workflows belong to. With any, every new workflow names one.'),
  environments: z
    .array(environment)
    .min(2, { error: 'needs at least two environments; leave it out for development, staging and production' })
    .max(20)
    .optional()
    .describe('The pipeline, first to last. Left out: development, staging and production.'),
  people: z
    .record(
      z.string().regex(/^[UW][A-Z0-9]{2,30}$/, {
        error: "has to be a Slack user id, such as U012ABCDEF (in Slack: a person's profile, “Copy member ID”)",
      }),
      z.union([role, longPerson]),
    )
    .default({})
    .describe(
      'Roles by Slack user id: U012ABCDEF: admin, or U012ABCDEF: { role: lead, departments: [support] }. Whoever is named here can be changed here only.',
    ),
  defaultRole: role.default('member').describe('The role of everybody who is not named. viewer: they look only.'),
  secretFolders: z
    .array(
      z.string().regex(/^(?:\/[^/\0]+)+$/, { error: 'has to be the absolute path of a folder, such as /run/secrets' }),
    )
    .max(20)
    .default([...DEFAULT_SECRET_FOLDERS])
    .describe('Folders that files with secrets may lie in: settings can name no other files.'),
  runners: operatorSettings
    .optional()
    .describe('What Towpath may run workflows by: { judge: …, commands: …, privateOrigins: [http://10.0.0.5:8080] }.'),
  runs: runsYamlSchema.prefault({}).describe('How long records of runs are kept: { keep: 30d, keepPayloads: 7d }.'),
}).meta({ title: 'towpath.yaml', description: 'The pipeline, its approvals and the people of a Towpath workspace.' });

export type TowpathYaml = z.infer<typeof towpathYamlSchema>;
export type EnvironmentYaml = NonNullable<TowpathYaml['environments']>[number];

/** Milliseconds of a duration that the schema accepted. */
export function milliseconds(text: string): number {
  return Math.round(ms(text as ms.StringValue));
}

/** The emoji of a badge that the schema accepted. */
export function badgeEmoji(badge: string | undefined): string {
  return badge === undefined ? '' : (lookUp(COLOURS, badge) ?? badge);
}

function between(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}
