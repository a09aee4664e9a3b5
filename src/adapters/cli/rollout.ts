import { Argument, type Command } from 'commander';
import { ask, type Reply, type Server, send } from './api-client.ts';
import { assertCanAsk, confirm } from './confirm.ts';
import { named } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { percentOfTyped, restOf, whoOf } from './parse-share.ts';
import {
  changeLines,
  changeSchema,
  type Rollout,
  type RolloutChange,
  rolloutLines,
  rolloutSchema,
} from './rollout-answer.ts';
import {
  actsForSomebody,
  apiPath,
  asksServer,
  openServer,
  type ServerOptions,
  type Session,
  show,
  tell,
  tellFailure,
} from './session.ts';
import { EXIT, type ExitCode, type Line, UsageError } from './terminal.ts';

const HELP = `
Without a step it shows which version is live for whom, and how the runs of both go. A canary is asked for with
“towpath promote WORKFLOW ENVIRONMENT --canary 10%”. A step needs no approval; on a terminal you are shown what it does, and asked;
elsewhere say --yes.

  50%     gives it to that share of users; whoever has it keeps it while the share grows
  finish  gives it to everybody for good, in the place of what was live
  abort   takes it out at once: everybody gets what stayed live

${exitCodes({ ok: 'shown, or done' })}

Examples:
  towpath rollout summarize-flow production
  towpath rollout summarize-flow production 50% --on-behalf-of U012ABCDEF
  towpath rollout summarize-flow production finish --yes
  towpath rollout summarize-flow production abort --reason "It answers in French"`;

interface RolloutOptions extends ServerOptions {
  reason?: string;
  onBehalfOf?: string;
  yes?: boolean;
}
type Step = { kind: 'share'; percent: number } | { kind: 'finish' } | { kind: 'abort' };

/** `towpath rollout WORKFLOW ENVIRONMENT [SHARE|finish|abort]`: shows a canary, or moves it on. */
export function rolloutCommand(program: Command, session: Session): void {
  const command = program
    .command('rollout')
    .description('show how a canary does beside what is live, change its share, finish or abort it')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<environment>', 'where: its name, an alias, or the beginning of one')
    // The words are completed; a share is taken as well.
    .addArgument(
      new Argument('[step]', 'a share such as 50%, or').choices(['finish', 'abort']).argParser((typed) => typed),
    )
    .option('--reason <text>', 'why it is aborted, for whoever looks later')
    .option('--yes', 'do not ask first; needed where nobody can be asked');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP)
    .action(async (workflow: string, environment: string, typed: string | undefined, options: RolloutOptions) => {
      const path = ['workflows', workflow, 'environments', environment, 'rollout'];
      if (typed !== undefined) return session.done(await take(readStep(typed, options), path, options, session));
      return show(session, options, { path: apiPath(path), schema: rolloutSchema, lines: rolloutLines });
    });
}

/** @throws UsageError */
function readStep(typed: string, { reason }: RolloutOptions): Step {
  const word = typed.toLowerCase();
  if (word === 'abort') return { kind: 'abort' };
  if (reason !== undefined) throw new UsageError('--reason is for abort: nothing else asks why.');
  if (word === 'finish') return { kind: 'finish' };
  if (!/^[\d.,+-]/.test(typed))
    throw new UsageError(`“${typed}” is no step of a rollout. Write a share such as 50%, finish or abort.`);
  return { kind: 'share', percent: percentOfTyped(typed, 'The step') };
}

async function take(step: Step, path: string[], options: RolloutOptions, { terminal }: Session): Promise<ExitCode> {
  assertCanAsk(terminal, options.yes, QUESTIONS[step.kind]);
  const server = openServer(options, terminal);
  let shown: { deployment?: string; expectedShare?: number } = {};
  if (options.yes !== true) {
    const reply = await ask(server, apiPath(path), rolloutSchema);
    if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
    if ((await confirm(terminal, [...rolloutLines(reply.answer), effect(step, reply.answer)], 'Do it?')) === 'no') {
      tell(terminal, options, { outcome: 'declined' }, () => ['Nothing was changed.']);
      return EXIT.refused;
    }
    // What was shown is what is done: where another canary runs by now, or with another share, nothing is.
    const { deployment, share } = reply.answer.candidate;
    shown = step.kind === 'share' ? { deployment, expectedShare: share } : { deployment };
  }
  const reply = await request(server, step, path, { ...shown, ...who(options) });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () => changeLines(reply.answer));
  return EXIT.ok;
}

const QUESTIONS: Record<Step['kind'], string> = {
  share: 'change the share',
  finish: 'finish the canary',
  abort: 'abort the canary',
};

function who({ reason, onBehalfOf }: RolloutOptions) {
  return { reason, onBehalfOf };
}

function request(
  server: Server,
  step: Step,
  path: string[],
  body: Record<string, string | number | undefined>,
): Promise<Reply<RolloutChange>> {
  if (step.kind !== 'share') return send(server, apiPath([...path, step.kind]), changeSchema, body);
  return send(server, apiPath(path), changeSchema, { ...body, share: step.percent }, 'PATCH');
}

/** What would become of whom, before they are asked. */
function effect(step: Step, { candidate: { version, share }, active, environment, waiting }: Rollout): Line {
  const [next, live] = [named(version), named(active.version)];
  if (step.kind === 'abort')
    return `Everybody in ${environment} would get ${live} at once${share === 0 ? '' : `, also ${whoOf(share)} with ${next} now`}.${wouldFollow(waiting)} ${next} could be asked for again.`;
  if (step.kind === 'finish')
    return `Everybody in ${environment} would get ${next} for good${share === 100 ? '' : `, also the ${restOf(share)}% on ${live} now`}. ${live} would go.`;
  return `In ${environment} ${whoOf(step.percent)} would get ${next}, instead of ${whoOf(share)}.`;
}

/** Nobody brings in something new by an abort without knowing. */
function wouldFollow(waiting: Rollout['waiting']): string {
  if (waiting == null) return '';
  const what = waiting.canary === null ? 'take its place for everybody' : `start as a canary at ${waiting.canary}%`;
  return ` Then ${named(waiting.version)}, which waits for this with all that it needs, would ${what}.`;
}
