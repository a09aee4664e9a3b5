import type { Command } from 'commander';
import type { z } from 'zod';
import { ask, type Failure, type Server, serverAt, toServer } from './api-client.ts';
import { inCliWords } from './cli-words.ts';
import { findCredential } from './credentials.ts';
import { EXIT, type ExitCode, harmless, harmlessJson, type Line, printLines, type Terminal } from './terminal.ts';

export const LOCAL_SERVER = 'http://127.0.0.1:3000';

/** What every command is made with. */
export interface Session {
  terminal: Terminal;
  /** Says what the process ends with; without it, with 0. */
  done: (code: ExitCode) => void;
}

/** Options of every command that talks to the server. */
export interface ServerOptions {
  server?: string;
  json?: boolean;
}

export function serverOf({ server }: { server?: string }, { env }: Terminal): string {
  return server ?? (env['TOWPATH_SERVER'] || LOCAL_SERVER);
}

/** Adds the options of every command that talks to the server. */
export function asksServer(command: Command): Command {
  return command
    .option('--server <url>', `the Towpath server (default: TOWPATH_SERVER, else ${LOCAL_SERVER})`)
    .option('--json', 'print one JSON document and nothing else');
}

/** Adds the option of every command that does something for which somebody may have to stand. */
export function actsForSomebody(command: Command): Command {
  return command.option(
    '--on-behalf-of <user id>',
    'the Slack user id of whoever wants this; the operator’s own token has to name somebody',
  );
}

/** @throws UsageError */
export function openServer(options: { server?: string }, terminal: Terminal): Server {
  const url = serverOf(options, terminal);
  const server = toServer(url, tokenFor(url, terminal));
  warnIfOpen(server, terminal);
  return server;
}

/** TOWPATH_API_TOKEN, else that of a login at this very server. */
function tokenFor(url: string, terminal: Terminal): string | undefined {
  const set = terminal.env['TOWPATH_API_TOKEN'];
  if (set?.trim()) return set;
  return findCredential(terminal, serverAt(url).address)?.token;
}

export function warnIfOpen({ isOpen, address }: Server, { complain }: Terminal): void {
  if (isOpen) complain(`The token goes to ${address} unencrypted. Use https where others may listen.\n`);
}

/** Says an answer: the server's own document with `--json`, else in words. */
export function tell(
  terminal: Terminal,
  { json }: ServerOptions,
  document: unknown,
  lines: () => readonly Line[],
): void {
  if (json === true) terminal.print(`${harmlessJson(document)}\n`);
  else printLines(terminal, lines());
}

/** Says why there is no answer. @returns what the process should end with */
export function tellFailure(terminal: Terminal, { json }: ServerOptions, failure: Failure): ExitCode {
  const { kind, ...rest } = failure;
  if (json === true) terminal.print(`${harmlessJson({ outcome: kind, ...rest })}\n`);
  else terminal.complain(`${harmless(inCliWords(failure.detail))}\n`);
  return kind === 'refused' ? EXIT.refused : EXIT.unreachable;
}

/** A whole command that only asks for something and shows it. @throws UsageError */
export async function show<Answer>(
  { terminal, done }: Session,
  options: ServerOptions,
  question: { path: string; schema: z.ZodType<Answer>; lines: (answer: Answer) => readonly Line[] },
): Promise<void> {
  const reply = await ask(openServer(options, terminal), question.path, question.schema);
  if (reply.kind !== 'answered') return done(tellFailure(terminal, options, reply));
  tell(terminal, options, reply.document, () => question.lines(reply.answer));
}

/** A path below `/api/v1`, each part as it was typed; what is undefined is left out of the query. */
export function apiPath(parts: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const path = `/api/v1/${parts.map(encodeURIComponent).join('/')}`;
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
