import { Argument, type Command } from 'commander';
import { z } from 'zod';
import { ask, type Server } from './api-client.ts';
import { moment, moreLines, pageOf, table, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { limitOf, listsPages, type PagingOptions } from './paging.ts';
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
import { complainLines, EXIT, type ExitCode, type Line, type Terminal, UsageError } from './terminal.ts';

const tokenSchema = z.object({
  name: z.string(),
  personal: z.boolean(),
  environment: z.string().nullable(),
  scopes: z.array(z.string()),
  createdBy: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  expired: z.boolean(),
  replaced: z.boolean(),
});
type Token = z.infer<typeof tokenSchema>;
const newToken = tokenSchema.extend({ token: z.string(), oldGoodUntil: z.string().optional() });

const ACTS = ['create', 'list', 'rotate', 'revoke'] as const;
type Act = (typeof ACTS)[number];

const HELP = `
For admins, logged in or with the server’s own TOWPATH_API_TOKEN (which has to name an admin by --on-behalf-of to make one). With an
environment a token runs workflows there (resolve, runs, secrets:read, agents, execute); without, it acts on workflows as whoever made it (read,
push, deploy, promote, checks). A new token is all that standard output gets: it is shown this once.

${exitCodes()}

Examples:
  towpath token create production-runner --environment production --scope resolve,runs --expires 90d
  towpath token list
  towpath token rotate production-runner --overlap 1h > runner.token
  towpath token revoke production-runner`;

interface TokenOptions extends ServerOptions, PagingOptions {
  environment?: string;
  scope?: string;
  expires?: string;
  overlap?: string;
  onBehalfOf?: string;
}

/** `towpath token create|list|rotate|revoke`: what programs are let in by. */
export function tokenCommand(program: Command, session: Session): void {
  const command = program
    .command('token')
    .description('make, list, replace and end the tokens of programs')
    .addArgument(new Argument('<act>', 'what to do').choices(ACTS))
    .argument('[name]', 'the token’s name; not for list')
    .option('--environment <name>', 'create: where it runs workflows')
    .option('--scope <scopes>', 'create: what it may, such as resolve,runs')
    .option('--expires <duration>', 'create, rotate: how long it is good, such as 90d; never: for ever')
    .option('--overlap <duration>', 'rotate: how long the old one stays good (default: 1h)');
  asksServer(actsForSomebody(listsPages(command)))
    .addHelpText('after', HELP)
    .action((act: Act, name: string | undefined, options: TokenOptions) => run(act, name, options, session));
}

async function run(act: Act, name: string | undefined, options: TokenOptions, session: Session): Promise<void> {
  assertFits(act, name, options);
  if (act === 'list')
    return show(session, options, {
      path: apiPath(['tokens'], { cursor: options.cursor, limit: limitOf(options) }),
      schema: pageOf(tokenSchema),
      lines: ({ items, cursor }) => [...listLines(items), ...moreLines(cursor)],
    });
  const server = openServer(options, session.terminal);
  const change = act === 'revoke' ? revoke : make;
  session.done(await change(server, act, name ?? '', options, session.terminal));
}

const TAKES: Record<Act, readonly string[]> = {
  create: ['environment', 'scope', 'expires', 'onBehalfOf'],
  list: [],
  rotate: ['expires', 'overlap', 'onBehalfOf'],
  revoke: [],
};

/** @throws UsageError */
function assertFits(act: Act, name: string | undefined, options: TokenOptions): void {
  if (act === 'list' ? name !== undefined : name === undefined)
    throw new UsageError(act === 'list' ? 'list takes no name.' : `Name the token: towpath token ${act} NAME.`);
  const given = ['environment', 'scope', 'expires', 'overlap', 'onBehalfOf'] as const;
  const extra = given.find((option) => options[option] !== undefined && !TAKES[act].includes(option));
  if (extra !== undefined)
    throw new UsageError(`--${extra === 'onBehalfOf' ? 'on-behalf-of' : extra} is not for ${act}.`);
  if (act === 'create' && options.scope === undefined)
    throw new UsageError('Say what the token may, such as --scope read, or --scope resolve,runs with --environment.');
}

async function make(
  server: Server,
  act: Act,
  name: string,
  options: TokenOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { environment, scope, overlap, onBehalfOf } = options;
  const life = options.expires === undefined ? {} : { expiresIn: options.expires === 'never' ? null : options.expires };
  const [path, body] =
    act === 'create'
      ? [apiPath(['tokens']), { name, environment, scopes: scope?.split(/[\s,]+/).filter((one) => one !== '') }]
      : [apiPath(['tokens', name, 'rotate']), { overlap }];
  const reply = await ask(server, path, newToken, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, ...life, onBehalfOf }),
  });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const { token, oldGoodUntil, ...made } = reply.answer;
  const old = oldGoodUntil === undefined ? '' : ` The old one is good until ${moment(oldGoodUntil)}.`;
  if (options.json !== true)
    complainLines(terminal, [...listLines([made]), `Shown this once, and kept by nobody.${old}`]);
  tell(terminal, options, reply.document, () => [token]);
  return EXIT.ok;
}

async function revoke(
  server: Server,
  _act: Act,
  name: string,
  options: TokenOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const reply = await ask(server, apiPath(['tokens', name]), z.object({ name: z.string() }), { method: 'DELETE' });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () => [`The token ${reply.answer.name} lets nobody in any more.`]);
  return EXIT.ok;
}

function listLines(tokens: readonly Token[]): Line[] {
  if (tokens.length === 0) return ['There is no token.'];
  return table(
    tokens.map((token) => [
      `${token.name}${token.replaced ? ' (the old one)' : ''}`,
      token.personal
        ? `acts as ${who(token.createdBy)}`
        : `${token.scopes.join(', ')}${token.environment === null ? '' : ` in ${token.environment}`}`,
      `by ${who(token.createdBy)}`,
      token.lastUsedAt === null ? 'never used' : `used ${moment(token.lastUsedAt)}`,
      token.expiresAt === null
        ? 'never expires'
        : `${token.expired ? 'expired' : 'expires'} ${moment(token.expiresAt)}`,
    ]),
  );
}
