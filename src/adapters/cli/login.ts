import { hostname } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { ask, type Server, send, serverAt } from './api-client.ts';
import { assertCanKeep, type Credential, findCredential, keepCredential } from './credentials.ts';
import { moment } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import {
  apiPath,
  asksServer,
  type ServerOptions,
  type Session,
  serverOf,
  tell,
  tellFailure,
  warnIfOpen,
} from './session.ts';
import { complainLines, EXIT, type ExitCode, type Terminal } from './terminal.ts';
import { askWhoAmI, personLine } from './whoami.ts';

const started = z.object({ deviceCode: z.string(), code: z.string(), expiresAt: z.string(), interval: z.number() });
const collected = z.union([
  z.object({
    status: z.literal('done'),
    token: z.string(),
    name: z.string(),
    userId: z.string(),
    expiresAt: z.string(),
  }),
  z.object({ status: z.literal('pending') }),
]);

/** Milliseconds: longer than any code is good, for a server that does not say so itself. */
const PATIENCE = 11 * 60_000;
const SECOND = 1_000;
const SHORTEST = SECOND;
const LONGEST = 60 * SECOND;

const HELP = `
You are shown a code. Type it in Slack, as “/towpath login CODE”, and confirm there that it is you. From then on commands act as you,
with the role that you have at that moment, for 30 days or until “towpath logout”. Confirm no code that somebody sent you.

The login is kept in towpath/credentials.json below XDG_CONFIG_HOME (~/.config where that is not set), readable by you alone.
TOWPATH_API_TOKEN, where it is set, goes before it.

${exitCodes({ refused: 'it was refused in Slack, or nobody confirmed it in time' })}

Examples:
  towpath login
  towpath login --server https://towpath.example.com`;

/** `towpath login`: has a person confirm in Slack that commands act as them. */
export function loginCommand(program: Command, session: Session): void {
  const command = program.command('login').description('log in as yourself, confirmed in Slack');
  asksServer(command)
    .addHelpText('after', HELP)
    .action(async (options: ServerOptions) => session.done(await logIn(options, session.terminal)));
}

async function logIn(options: ServerOptions, terminal: Terminal): Promise<ExitCode> {
  assertCanKeep(terminal);
  const server = serverAt(serverOf(options, terminal));
  warnIfOpen(server, terminal);
  const begun = await send(server, apiPath(['login']), started, { device: hostname() });
  if (begun.kind !== 'answered') return tellFailure(terminal, options, begun);
  const { code, deviceCode, interval } = begun.answer;
  complainLines(terminal, [
    'Type this in Slack, and confirm there that it is you:',
    '',
    `    /towpath login ${code}`,
    '',
    'Waiting for you…',
  ]);
  const reply = await collect(server, deviceCode, Math.min(Math.max(interval * SECOND, SHORTEST), LONGEST), terminal);
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  return keep(server, reply.answer, options, terminal);
}

type Collected = Extract<z.infer<typeof collected>, { status: 'done' }>;
type Collecting = { kind: 'answered'; answer: Collected } | Parameters<typeof tellFailure>[2];

/**
 * Asks until it is decided. A server that is away for a moment, or has too much to do, is asked again; where the answer with the token
 * is what was lost, the next one says that it was handed out, and it is over.
 */
async function collect(server: Server, deviceCode: string, every: number, terminal: Terminal): Promise<Collecting> {
  const deadline = terminal.now() + PATIENCE;
  while (true) {
    await terminal.pause(every);
    const reply = await send(server, apiPath(['login', 'token']), collected, { deviceCode });
    if (reply.kind === 'answered' && reply.answer.status === 'done') return { kind: 'answered', answer: reply.answer };
    const isOver = reply.kind === 'refused' && reply.code !== 'too_many_requests';
    if (isOver) return reply;
    if (terminal.now() >= deadline)
      return reply.kind === 'answered'
        ? { kind: 'refused', code: 'login_ended', detail: 'Nobody confirmed it in time. Run `towpath login` again.' }
        : reply;
  }
}

async function keep(
  server: Server,
  { token, name, userId, expiresAt }: Collected,
  options: ServerOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const credential: Credential = { token, name, userId, expiresAt };
  const earlier = findCredential(terminal, server.address);
  try {
    keepCredential(terminal, server.address, credential);
  } catch (error) {
    await end({ ...server, token });
    throw error;
  }
  if (earlier !== null) await end({ ...server, token: earlier.token });
  const who = await askWhoAmI({ ...server, token });
  const person = who.kind === 'answered' ? personLine(who.answer) : `@${userId}`;
  tell(terminal, options, { server: server.address, userId, name, expiresAt }, () => [
    `Logged in to ${server.address} as ${person}, until ${moment(expiresAt)}.`,
  ]);
  if (terminal.env['TOWPATH_API_TOKEN'])
    terminal.complain('TOWPATH_API_TOKEN is set, and goes before this login while it is.\n');
  return EXIT.ok;
}

/** Where that fails, the token ends by itself some day; it is kept nowhere here. */
export function end(server: Server) {
  return ask(server, apiPath(['login']), z.object({ name: z.string() }), { method: 'DELETE' });
}
