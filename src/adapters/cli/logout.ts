import type { Command } from 'commander';
import { serverAt } from './api-client.ts';
import { findCredential, keepCredential } from './credentials.ts';
import { exitCodes } from './exit-codes.ts';
import { end } from './login.ts';
import { asksServer, type ServerOptions, type Session, serverOf, tell, tellFailure } from './session.ts';
import { EXIT, type ExitCode, type Terminal } from './terminal.ts';

const HELP = `
The server lets nobody in by this login any more, and it is forgotten here. Where the server can’t be reached nothing is done:
“/towpath tokens” in Slack lists your logins, and “/towpath token revoke NAME” ends one without this machine.

${exitCodes()}

Examples:
  towpath logout
  towpath logout --server https://towpath.example.com`;

/** `towpath logout`: ends what `towpath login` began. */
export function logoutCommand(program: Command, session: Session): void {
  const command = program.command('logout').description('end your login on this machine');
  asksServer(command)
    .addHelpText('after', HELP)
    .action(async (options: ServerOptions) => session.done(await logOut(options, session.terminal)));
}

async function logOut(options: ServerOptions, terminal: Terminal): Promise<ExitCode> {
  const server = serverAt(serverOf(options, terminal));
  const kept = findCredential(terminal, server.address);
  if (kept === null) {
    tell(terminal, options, { ended: null }, () => [`You are not logged in to ${server.address}.`]);
    return EXIT.ok;
  }
  const reply = await end({ ...server, token: kept.token });
  // One that lets nobody in ended before.
  const isOver = reply.kind === 'answered' || (reply.kind === 'refused' && reply.code === 'unauthorized');
  if (!isOver) return tellFailure(terminal, options, reply);
  keepCredential(terminal, server.address, null);
  tell(terminal, options, { ended: kept.name }, () => [`Logged out of ${server.address}.`]);
  return EXIT.ok;
}
