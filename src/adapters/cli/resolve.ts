import type { Command } from 'commander';
import { dump } from 'js-yaml';
import { z } from 'zod';
import { ask } from './api-client.ts';
import { moment, named, versionSchema } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { apiPath, asksServer, openServer, type ServerOptions, type Session, tell, tellFailure } from './session.ts';
import type { Line } from './terminal.ts';

const resolved = z.object({
  workflow: z.string(),
  environment: z.string(),
  version: versionSchema,
  deployment: z.object({ deployedAt: z.string() }),
  rollout: z.object({ side: z.enum(['active', 'candidate']) }).nullable(),
  settingsRevision: z.number().int(),
  heldSettings: z.object({ present: z.number().int(), problems: z.array(z.string()) }).nullable(),
  definition: z.unknown(),
  secrets: z.array(z.object({ name: z.string() })),
  limits: z.unknown(),
  mcpServers: z.unknown(),
  dataSources: z.unknown(),
  overrides: z.unknown(),
});

const HELP = `
This is what a runner is given: the version that is live there, filled with the settings of that environment. Of secrets it has the
names, never the values. With --json it comes as the server gives it. While a canary runs, --key says whom a run would be for: the
same key always gets the same side.

${exitCodes()}

Examples:
  towpath resolve summarize-flow staging
  towpath resolve summarize-flow production --key user-42
  towpath resolve summarize-flow production --json | jq .definition`;

/** `towpath resolve WORKFLOW ENVIRONMENT`: what a runner is given there. */
export function resolveCommand(program: Command, session: Session): void {
  const command = program
    .command('resolve')
    .description('show what runs in an environment: the live version, filled with its settings')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<environment>', 'its name, an alias, or the beginning of one')
    .option('--key <key>', 'whom a run is for, such as a user: what that key gets while a canary runs');
  asksServer(command)
    .addHelpText('after', HELP)
    .action((workflow: string, environment: string, options: ResolveOptions) =>
      resolve(['workflows', workflow, 'environments', environment, 'resolved'], options, session),
    );
}

interface ResolveOptions extends ServerOptions {
  key?: string;
}

async function resolve(path: string[], options: ResolveOptions, { terminal, done }: Session): Promise<void> {
  const reply = await ask(openServer(options, terminal), apiPath(path, { key: options.key }), resolved);
  if (reply.kind !== 'answered') return done(tellFailure(terminal, options, reply));
  if (reply.headers.get('towpath-stale') === 'true')
    terminal.complain('The server can’t reach its database just now: this is what it knew last.\n');
  tell(terminal, options, reply.document, () => resolvedLines(reply.answer));
}

function resolvedLines(answer: z.infer<typeof resolved>): Line[] {
  const { workflow, environment, version, deployment, settingsRevision, definition, secrets } = answer;
  const { heldSettings: held, limits, mcpServers, dataSources, overrides, rollout } = answer;
  const isCandidate = rollout?.side === 'candidate';
  const names = secrets.map(({ name }) => name).join(', ');
  return [
    [
      'bold',
      `${named(version)} of ${workflow}, ${isCandidate ? 'a canary' : 'live'} in ${environment} since ${moment(deployment.deployedAt)}`,
    ],
    ...(rollout?.side === 'active' ? ['a canary runs beside it: other keys may get that one'] : []),
    `settings: ${settingsRevision === 0 ? 'none' : `revision ${settingsRevision}`}`,
    ...(held === null
      ? []
      : [
          `  held back, since revision ${held.present} does not fill it:`,
          ...held.problems.map((problem) => `  ${problem}`),
        ]),
    ...(names === '' ? [] : [`secrets: ${names}`]),
    ...asYaml({ limits, mcpServers, dataSources, overrides }),
    '',
    ...asYaml({ definition }),
  ];
}

/** Lines of YAML; what is empty is left out. */
export function asYaml(values: Readonly<Record<string, unknown>>): string[] {
  const full = Object.entries(values).filter(([, value]) => !isEmpty(value));
  if (full.length === 0) return [];
  return dump(Object.fromEntries(full), { lineWidth: 120 }).trimEnd().split('\n');
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
