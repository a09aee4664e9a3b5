import type { Command } from 'commander';
import { z } from 'zod';
import { ask, type Server } from './api-client.ts';
import { moment, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { apiPath, asksServer, type ServerOptions, type Session, show } from './session.ts';
import type { Line } from './terminal.ts';

const whoAmI = z.object({
  kind: z.string(),
  person: z
    .object({
      ...{ userId: z.string(), name: z.string(), role: z.string(), departments: z.array(z.string()) },
      timeZone: z.string().nullish(),
    })
    .nullable(),
  token: z.object({ name: z.string(), expiresAt: z.string().nullable() }).nullable(),
  scopes: z.array(z.string()),
  environment: z.string().nullable(),
});
type WhoAmI = z.infer<typeof whoAmI>;
const path = apiPath(['whoami']);

const HELP = `
${exitCodes()}

Examples:
  towpath whoami
  towpath whoami --json | jq -r .person.role`;

/** `towpath whoami`: as whom commands act. */
export function whoAmICommand(program: Command, session: Session): void {
  const command = program.command('whoami').description('show as whom commands act, and with which token');
  asksServer(command)
    .addHelpText('after', HELP)
    .action((options: ServerOptions) => show(session, options, { path, schema: whoAmI, lines }));
}

export function askWhoAmI(server: Server) {
  return ask(server, path, whoAmI);
}

/** `Lee (@U0LEE), lead in support` */
export function personLine({ person }: WhoAmI): string {
  if (person === null) return 'nobody in particular';
  const where = person.departments.length === 0 ? '' : ` in ${person.departments.join(', ')}`;
  return `${person.name} (${who(person.userId)}), ${person.role}${where}`;
}

function lines(answer: WhoAmI): Line[] {
  const { kind, token, scopes, environment } = answer;
  if (token === null) return ['The operator, by TOWPATH_API_TOKEN of the server, who may everything but decide.'];
  const until = token.expiresAt === null ? 'without an end' : `until ${moment(token.expiresAt)}`;
  const as = environment === null ? personLine(answer) : `a program that runs workflows in ${environment}`;
  const may = kind === 'person' ? [] : [`It may ${scopes.join(', ')}.`];
  return [as, ...zoneLines(answer), `By the token ${token.name}, ${until}.`, ...may];
}

/** Times that are typed here are read by this machine's zone, in Slack by the person's own: said where the two differ. */
function zoneLines({ person }: WhoAmI): Line[] {
  const theirs = person?.timeZone;
  if (theirs == null) return [];
  const { timeZone: here } = new Intl.DateTimeFormat().resolvedOptions();
  return [theirs === here ? `Time zone: ${theirs}.` : `Time zone: ${theirs} in Slack, ${here} on this machine.`];
}
