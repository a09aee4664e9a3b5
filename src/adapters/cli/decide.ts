import type { Command } from 'commander';
import { z } from 'zod';
import { send } from './api-client.ts';
import { assertCanAsk, confirm } from './confirm.ts';
import { changeLines, diffSchema, named, versionSchema, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { findOpen } from './find-open.ts';
import { inEffectLines, needLines, promotionSchema, standing, whatBecomes } from './promotion-answer.ts';
import { apiPath, asksServer, openServer, type ServerOptions, type Session, tell, tellFailure } from './session.ts';
import { complainLines, EXIT, type ExitCode, type Line, type Terminal } from './terminal.ts';

const card = promotionSchema.extend({
  requestedBy: z.string(),
  reason: z.string().nullable(),
  replaces: versionSchema.nullable(),
  diff: diffSchema,
  inEffect: z.object({ lines: z.array(z.string()), more: z.number().int() }).nullable(),
  fingerprint: z.string(),
});
type Card = z.infer<typeof card>;
const decided = z.object({ changed: z.boolean(), promotion: promotionSchema });

const HELP = (act: string, examples: string) => `
It is yours to ${act}, as in Slack: log in first with “towpath login”. No token of a program can. You are shown what would go live and
asked; where nobody can be asked, say --yes.

${exitCodes()}

Examples:
${examples}`;

interface DecideOptions extends ServerOptions {
  yes?: boolean;
}
interface Asked {
  act: 'approve' | 'reject';
  workflow: string;
  environment: string;
  /** Of a rejection. */
  reason?: string;
}

/** `towpath approve WORKFLOW ENVIRONMENT` */
export function approveCommand(program: Command, session: Session): void {
  const command = program.command('approve').description('approve the open promotion to an environment, as yourself');
  asksWhich(command)
    .addHelpText(
      'after',
      HELP(
        'approve',
        '  towpath approve summarize-flow staging\n  towpath approve summarize-flow production --yes --json',
      ),
    )
    .action(async (workflow: string, environment: string, options: DecideOptions) =>
      session.done(await decide({ act: 'approve', workflow, environment }, options, session.terminal)),
    );
}

/** `towpath reject WORKFLOW ENVIRONMENT REASON` */
export function rejectCommand(program: Command, session: Session): void {
  const command = program.command('reject').description('reject the open promotion to an environment, as yourself');
  asksWhich(command)
    .argument('<words...>', 'why, for whoever asked')
    .usage('[options] <workflow> <environment> <reason>')
    .addHelpText('after', HELP('reject', '  towpath reject summarize-flow staging "The threshold is too low"'))
    .action(async (workflow: string, environment: string, words: string[], options: DecideOptions) =>
      session.done(
        await decide({ act: 'reject', workflow, environment, reason: words.join(' ') }, options, session.terminal),
      ),
    );
}

function asksWhich(command: Command): Command {
  return asksServer(
    command
      .argument('<workflow>', 'its name, such as summarize-flow')
      .argument('<environment>', 'where to: its name, or an alias')
      .option('--yes', 'do not ask first; needed where nobody can be asked'),
  );
}

async function decide(asked: Asked, options: DecideOptions, terminal: Terminal): Promise<ExitCode> {
  assertCanAsk(terminal, options.yes, asked.act);
  const server = openServer(options, terminal);
  const found = await findOpen(server, asked, card);
  if (found.kind !== 'answered') return tellFailure(terminal, options, found);
  const { answer: shown } = found;
  if (options.yes === true) complainLines(terminal, options.json === true ? [] : cardLines(shown));
  else if ((await confirm(terminal, cardLines(shown), question(asked))) === 'no') {
    tell(terminal, options, { outcome: 'declined' }, () => ['Nothing was decided.']);
    return EXIT.refused;
  }
  // What was shown is what is approved: what moved meanwhile is refused.
  const [part, body] =
    asked.act === 'approve'
      ? ['approval', { fingerprint: shown.fingerprint }]
      : ['rejection', { reason: asked.reason ?? '' }];
  const reply = await send(server, apiPath(['promotions', shown.id, part]), decided, body);
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const { changed, promotion } = reply.answer;
  tell(terminal, options, reply.document, () => [
    ...(changed ? [] : ['It was decided so before.']),
    ...(promotion.status === 'open' ? ['Approved.', ...needLines(promotion)] : [standing(promotion)]),
  ]);
  return EXIT.ok;
}

function question({ act, reason }: Asked): string {
  return act === 'approve' ? 'Approve this?' : `Reject this, saying “${reason}”?`;
}

function cardLines(shown: Card): Line[] {
  const { workflow, version, from, to, canary, diff, requestedBy, reason, approvals } = shown;
  return [
    [
      'bold',
      `${named(version)} of ${workflow}, from ${from} to ${to}, asked for by ${who(requestedBy)}. ${whatBecomes(shown)}`,
    ],
    ...(canary === null
      ? []
      : ['Giving it to more, and finishing it, asks for no further approval: decide as if for everybody.']),
    ...(reason === null ? [] : [`  “${reason}”`]),
    ...changeLines(diff),
    ...inEffectLines(shown),
    ...needLines(shown),
    ...approvals.map(
      ({ by, role, counts }) => `  Approved by ${who(by)} (${role})${counts ? '' : ', which counts no more'}`,
    ),
  ];
}
