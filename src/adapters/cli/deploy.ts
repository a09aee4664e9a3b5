import type { Command } from 'commander';
import { z } from 'zod';
import { send } from './api-client.ts';
import { changeLines, diffSchema, named, versionSchema } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import {
  actsForSomebody,
  apiPath,
  asksServer,
  openServer,
  type ServerOptions,
  type Session,
  tell,
  tellFailure,
} from './session.ts';
import type { Line } from './terminal.ts';

const deployed = z.object({
  workflow: z.string(),
  environment: z.string(),
  version: versionSchema,
  replaced: versionSchema.nullable(),
  diff: diffSchema,
  next: z.string().nullable(),
});

const HELP = `
Deploying takes no approval and asks nothing, since it reaches the first environment alone. From there on, see “towpath promote --help”.

${exitCodes({ ok: 'the version is live in the first environment' })}

Examples:
  towpath deploy summarize-flow --on-behalf-of U012ABCDEF
  towpath deploy summarize-flow v12 --reason "Tries the new prompt" --on-behalf-of U012ABCDEF`;

interface DeployOptions extends ServerOptions {
  reason?: string;
  onBehalfOf?: string;
}

/** `towpath deploy WORKFLOW [VERSION]`: puts a version live in the first environment. */
export function deployCommand(program: Command, session: Session): void {
  const command = program
    .command('deploy')
    .description('put a version live in the first environment')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('[version]', '12, v12 or a label (default: the newest)')
    .option('--reason <text>', 'why, for whoever looks later');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP)
    .action((workflow: string, version: string | undefined, options: DeployOptions) =>
      deploy({ workflow, version }, options, session),
    );
}

async function deploy(
  { workflow, version }: { workflow: string; version: string | undefined },
  options: DeployOptions,
  { terminal, done }: Session,
): Promise<void> {
  const server = openServer(options, terminal);
  const { reason, onBehalfOf } = options;
  const reply = await send(server, apiPath(['workflows', workflow, 'deployments']), deployed, {
    version,
    reason,
    onBehalfOf,
  });
  if (reply.kind !== 'answered') return done(tellFailure(terminal, options, reply));
  tell(terminal, options, reply.document, () => deployedLines(reply.answer));
}

function deployedLines({ workflow, environment, version, replaced, diff, next }: z.infer<typeof deployed>): Line[] {
  const instead = replaced === null ? 'where nothing was' : `in place of ${named(replaced)}`;
  return [
    ['green', `${named(version)} of ${workflow} is live in ${environment}, ${instead}.`],
    ...(replaced === null ? [] : changeLines(diff)),
    ...(next === null ? [] : [`Next: towpath promote ${workflow} ${next}`]),
  ];
}
