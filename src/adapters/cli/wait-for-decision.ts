import { ask, type Failure, type Server } from './api-client.ts';
import { who } from './describe.ts';
import { needLines, type Promotion, promotionSchema, standing } from './promotion-answer.ts';
import { apiPath, type ServerOptions, tell, tellFailure } from './session.ts';
import { complainLines, EXIT, type ExitCode, type Line, type Terminal } from './terminal.ts';

/** Milliseconds between two looks: quick at first, for what is decided while somebody watches. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;

const ENDED: Readonly<Record<Exclude<Promotion['status'], 'open'>, ExitCode>> = {
  deployed: EXIT.ok,
  rejected: EXIT.rejected,
  cancelled: EXIT.rejected,
  expired: EXIT.expired,
  stale: EXIT.expired,
};

/**
 * Looks until a promotion is decided, and says on standard error what moved meanwhile. A server that does not answer is asked
 * again: it may be starting anew.
 *
 * @param asked the promotion as it was when it was asked for
 */
export async function waitForDecision(
  server: Server,
  asked: Promotion,
  options: ServerOptions & { patience: number },
  terminal: Terminal,
): Promise<ExitCode> {
  const until = terminal.now() + options.patience;
  let seen: { promotion: Promotion; document: unknown } = { promotion: asked, document: asked };
  let outage: Failure | null = null;
  complainLines(terminal, [standing(asked), ...needLines(asked)]);
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const left = until - terminal.now();
    if (left <= 0) break;
    await terminal.pause(Math.min(pause, left));
    const reply = await ask(server, apiPath(['promotions', asked.id]), promotionSchema);
    if (reply.kind === 'refused') return tellFailure(terminal, options, reply);
    if (reply.kind === 'unreachable') {
      if (outage === null) complainLines(terminal, [`${reply.detail} Looking again until the time is up.`]);
      outage = reply;
      continue;
    }
    outage = null;
    complainLines(terminal, newsOf(seen.promotion, reply.answer));
    seen = { promotion: reply.answer, document: reply.document };
    if (seen.promotion.status === 'open') continue;
    return sayEnd(seen, options, terminal, ENDED[seen.promotion.status]);
  }
  return outage === null ? sayEnd(seen, options, terminal, EXIT.undecided) : tellFailure(terminal, options, outage);
}

function sayEnd(
  { promotion, document }: { promotion: Promotion; document: unknown },
  options: ServerOptions,
  terminal: Terminal,
  code: ExitCode,
): ExitCode {
  const isOpen = promotion.status === 'open';
  tell(terminal, options, { outcome: promotion.status, promotion: document }, () =>
    isOpen
      ? [
          `The time is up. ${standing(promotion)} The request stands: run this again to wait on.`,
          ...needLines(promotion),
        ]
      : [[code === EXIT.ok ? 'green' : 'red', standing(promotion)]],
  );
  return code;
}

/** What moved between two looks, while it is open. */
function newsOf(before: Promotion, now: Promotion): Line[] {
  const counted = ({ approvals }: Promotion) => approvals.filter(({ counts }) => counts);
  const had = new Set(counted(before).map(({ by }) => by));
  const has = new Set(counted(now).map(({ by }) => by));
  const came = counted(now).filter(({ by }) => !had.has(by));
  const went = [...had].filter((by) => !has.has(by));
  const lines = [
    ...came.map(({ by, role }) => `Approved by ${who(by)} (${role}).`),
    ...(now.status === 'open' ? went.map((by) => `The approval by ${who(by)} counts no longer.`) : []),
  ];
  const stillNeeds = now.status === 'open' && (lines.length > 0 || needed(before) !== needed(now));
  return stillNeeds ? [...lines, ...needLines(now)] : lines;
}

function needed({ requirements }: Promotion): string {
  return JSON.stringify(requirements);
}
