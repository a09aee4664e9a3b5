import type { Command } from 'commander';
import { z } from 'zod';
import { ask } from './api-client.ts';
import { moment, named, versionSchema, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { findOpen } from './find-open.ts';
import { needLines, promotionSchema, standing } from './promotion-answer.ts';
import { apiPath, asksServer, openServer, type ServerOptions, type Session, tell, tellFailure } from './session.ts';
import { EXIT, type ExitCode, type Line, UsageError } from './terminal.ts';

const items = z.array(z.object({ item: z.string(), ticked: z.object({ by: z.string(), at: z.string() }).nullable() }));
const card = z.object({
  ...{ id: z.string(), workflow: z.string(), version: versionSchema, to: z.string() },
  checklist: items,
});
type Card = z.infer<typeof card>;
const done = z.object({ changed: z.boolean(), promotion: promotionSchema });

const HELP = (act: string) => `
Without an item it shows the checklist. The beginning of one is enough, where no other begins so. It is yours to say so, as in
Slack: log in first with “towpath login”. No token of a program can.

${exitCodes()}

Examples:
  towpath ${act} summarize-flow production
  towpath ${act} summarize-flow production Rollback tested`;

interface Asked {
  act: 'tick' | 'untick';
  workflow: string;
  environment: string;
  words: string;
}

/** `towpath tick WORKFLOW ENVIRONMENT [ITEM]` */
export function tickCommand(program: Command, session: Session): void {
  checklistCommand(program, session, 'tick', 'tick an item of the open promotion’s checklist, as yourself');
}

/** `towpath untick WORKFLOW ENVIRONMENT [ITEM]` */
export function untickCommand(program: Command, session: Session): void {
  checklistCommand(program, session, 'untick', 'take a tick back');
}

function checklistCommand(program: Command, session: Session, act: Asked['act'], says: string): void {
  const command = program
    .command(act)
    .description(says)
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<environment>', 'where to: its name, or an alias')
    .argument('[item...]', 'as the checklist has it, or its beginning (default: show the checklist)');
  asksServer(command)
    .addHelpText('after', HELP(act))
    .action(async (workflow: string, environment: string, words: string[], options: ServerOptions) =>
      session.done(await change({ act, workflow, environment, words: words.join(' ') }, options, session)),
    );
}

async function change(asked: Asked, options: ServerOptions, { terminal }: Session): Promise<ExitCode> {
  const server = openServer(options, terminal);
  const found = await findOpen(server, asked, card);
  if (found.kind !== 'answered') return tellFailure(terminal, options, found);
  const { answer: shown } = found;
  if (asked.words === '') {
    tell(terminal, options, { checklist: shown.checklist }, () => checklistLines(shown));
    return EXIT.ok;
  }
  const body = JSON.stringify({ item: itemMeant(shown, asked.words), ticked: asked.act === 'tick' });
  const reply = await ask(server, apiPath(['promotions', shown.id, 'checklist']), done, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const { changed, promotion } = reply.answer;
  tell(terminal, options, reply.document, () => [
    changed ? (asked.act === 'tick' ? 'Ticked.' : 'Not ticked any more.') : 'It was so already.',
    ...(promotion.status === 'open' ? needLines(promotion) : [standing(promotion)]),
  ]);
  return EXIT.ok;
}

/** @throws UsageError for what names none, or several */
function itemMeant({ checklist, workflow, to }: Card, words: string): string {
  if (checklist.length === 0) throw new UsageError(`The promotion of ${workflow} to ${to} has no checklist.`);
  const wanted = words.trim().toLowerCase();
  const whole = checklist.find(({ item }) => item.toLowerCase() === wanted);
  const meant = whole === undefined ? checklist.filter(({ item }) => item.toLowerCase().startsWith(wanted)) : [whole];
  const [one, ...others] = meant;
  if (one !== undefined && others.length === 0) return one.item;
  const there = (one === undefined ? checklist : meant).map(({ item }) => `“${item}”`).join(', ');
  throw new UsageError(
    one === undefined
      ? `“${words}” is not on the checklist: ${there}.`
      : `“${words}” could be ${there}. Write more of it.`,
  );
}

function checklistLines({ workflow, version, to, checklist }: Card): Line[] {
  if (checklist.length === 0) return [`The promotion of ${workflow} to ${to} has no checklist.`];
  const title = `${named(version)} of ${workflow} to ${to}: ${checklist.filter((one) => one.ticked).length} of ${checklist.length} ticked`;
  return [
    ['bold', title],
    ...checklist.map(({ item, ticked }) => {
      return ticked === null ? `  [ ] ${item}` : `  [x] ${item} (${who(ticked.by)}, ${moment(ticked.at)})`;
    }),
  ];
}
