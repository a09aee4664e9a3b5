import type { Command } from 'commander';
import { z } from 'zod';
import { ask, type Server, send } from './api-client.ts';
import { assertCanAsk, confirm } from './confirm.ts';
import { named, people } from './describe.ts';
import { EVERY_MEANING, exitCodes } from './exit-codes.ts';
import { parsePatience } from './parse-patience.ts';
import { percentOfTyped } from './parse-share.ts';
import { momentOfTyped } from './parse-when.ts';
import {
  isSame,
  later,
  needLines,
  type PromotionPreview,
  previewLines,
  previewSchema,
  promotionSchema,
  standing,
} from './promotion-answer.ts';
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
import { EXIT, type ExitCode } from './terminal.ts';
import { waitForDecision } from './wait-for-decision.ts';

const requested = z.object({ outcome: z.enum(['opened', 'deployed', 'already-open']), promotion: promotionSchema });

const HELP = `
What is live in the environment before is what goes. On a terminal you are shown what would change and what is needed, and asked.
Elsewhere, in CI for instance, nobody can be asked: say --yes. People approve, in Slack or by “towpath approve”; no token
of a program can.

With --canary it is given to that share of users at first, beside what is live; “towpath rollout” shows how it does and moves it on.

With --wait the command ends when the promotion is decided. Ended by --timeout or by you, it can be run again to wait on: asking
for what is under review already asks nobody anew.

${exitCodes({ ...EVERY_MEANING, ok: 'it was asked for; with --wait: it is deployed' })}

Examples:
  towpath promote summarize-flow staging --on-behalf-of U012ABCDEF
  towpath promote summarize-flow production --reason "Ready since Monday" --wait
  towpath promote summarize-flow production --canary 10%
  towpath promote summarize-flow production --at "monday 09:00"
  towpath promote summarize-flow production --yes --wait --timeout 2h --json   # in CI`;

interface PromoteOptions extends ServerOptions {
  canary?: string;
  at?: string;
  reason?: string;
  onBehalfOf?: string;
  yes?: boolean;
  replace?: boolean;
  wait?: boolean;
  timeout: string;
}
interface Asked {
  workflow: string;
  environment: string;
  /** Percent. */
  canary?: number;
  /** When it is to go live, ISO 8601. */
  at?: string;
}

interface Shown {
  version?: number;
  replace?: string | undefined;
}

/** `towpath promote WORKFLOW ENVIRONMENT`: asks for a promotion, and waits for its end where that is wanted. */
export function promoteCommand(program: Command, session: Session): void {
  const command = program
    .command('promote')
    .description('ask to take what is live in the environment before to the named one')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<environment>', 'where to: its name, an alias, or the beginning of one')
    .option('--canary <share>', 'give it to this share of users at first, such as 10% (default: to everybody)')
    .option('--at <time>', 'approve now, go live then: "monday 09:00", in the time zone of this machine')
    .option('--reason <text>', 'why, for those who review it')
    .option('--yes', 'do not ask first; needed where nobody can be asked')
    .option('--replace', 'take the place of another version that is under review there')
    .option('--wait', 'wait until it is decided, and say how it stands meanwhile')
    .option('--timeout <duration>', 'how long --wait waits, such as 90s, 30m or 2h', '30m');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP)
    .action(async (workflow: string, environment: string, options: PromoteOptions) =>
      session.done(
        await promote({ workflow, environment, ...canaryOf(options), ...timeOf(options) }, options, session),
      ),
    );
}

/** @throws UsageError */
function canaryOf({ canary }: PromoteOptions): Pick<Asked, 'canary'> {
  return canary === undefined ? {} : { canary: percentOfTyped(canary, '--canary') };
}

/** @throws UsageError */
function timeOf({ at }: PromoteOptions): Pick<Asked, 'at'> {
  return at === undefined ? {} : { at: momentOfTyped(at, '--at') };
}

async function promote(asked: Asked, options: PromoteOptions, { terminal }: Session): Promise<ExitCode> {
  const patience = parsePatience(options.timeout);
  assertCanAsk(terminal, options.yes, 'promote');
  const server = openServer(options, terminal);
  // What was shown is what is asked for: where another version is live in the environment before by now, nothing is.
  let shown: Shown = {};
  if (options.yes !== true || options.replace === true) {
    const preview = await ask(server, previewPath(asked, options), previewSchema);
    if (preview.kind !== 'answered') return tellFailure(terminal, options, preview);
    if (options.yes !== true && (await confirmAsking(terminal, preview.answer)) === 'no') {
      tell(terminal, options, { outcome: 'declined' }, () => ['Nothing was asked for.']);
      return EXIT.refused;
    }
    shown = { version: preview.answer.version.number, replace: givingWay(preview.answer) };
  }
  return request(server, { ...asked, ...shown }, { ...options, patience }, terminal);
}

async function request(
  server: Server,
  asked: Asked & Shown,
  options: PromoteOptions & { patience: number },
  terminal: Session['terminal'],
): Promise<ExitCode> {
  const { reason, onBehalfOf } = options;
  const reply = await send(server, apiPath(['promotions']), requested, { ...asked, reason, onBehalfOf });
  if (reply.kind === 'refused' && reply.open !== undefined) {
    const { version, approvedBy } = reply.open;
    const approved = approvedBy.length === 0 ? '' : `, approved by ${people(approvedBy)}`;
    const detail = `v${version} is under review for ${asked.environment}${approved}. Add --replace to put another version in its place.`;
    return tellFailure(terminal, options, { ...reply, detail });
  }
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const { outcome, promotion } = reply.answer;
  if (options.wait === true && promotion.status === 'open')
    return waitForDecision(server, promotion, options, terminal);
  tell(terminal, options, reply.document, () => [
    outcome === 'opened'
      ? `Asked to promote ${named(promotion.version)} of ${promotion.workflow} from ${promotion.from} to ${promotion.to}${later(promotion)}.`
      : standing(promotion),
    ...(promotion.status === 'open' ? needLines(promotion) : []),
  ]);
  return EXIT.ok;
}

function previewPath({ workflow, environment, canary, at }: Asked, { onBehalfOf }: PromoteOptions): string {
  const query = { canary: canary?.toString(), at, onBehalfOf };
  return apiPath(['workflows', workflow, 'environments', environment, 'promotion'], query);
}

async function confirmAsking(terminal: Session['terminal'], preview: PromotionPreview): Promise<'yes' | 'no'> {
  // Asking for what is under review already changes nothing.
  if (preview.open !== null && isSame(preview.open, preview)) return 'yes';
  return confirm(terminal, previewLines(preview), 'Ask for this promotion?');
}

/** The request that was shown, so that no other one gives way. */
function givingWay(preview: PromotionPreview): string | undefined {
  const { open } = preview;
  return open === null || isSame(open, preview) ? undefined : open.promotion;
}
