import { z } from 'zod';
import { ask, type Failure, type Server } from './api-client.ts';
import { pageOf } from './describe.ts';
import { apiPath } from './session.ts';

const open = pageOf(z.object({ id: z.string(), to: z.string() }));

/** The open promotion to that environment, by its name or by any that the server knows it by. @param shape what is read of it */
export async function findOpen<T>(
  server: Server,
  { workflow, environment }: { workflow: string; environment: string },
  shape: z.ZodType<T>,
): Promise<{ kind: 'answered'; answer: T; document: unknown } | Failure> {
  const list = await ask(server, apiPath(['promotions'], { workflow, status: 'open', limit: '100' }), open);
  if (list.kind !== 'answered') return list;
  const to = (name: string) => list.answer.items.find((one) => one.to.toLowerCase() === name.toLowerCase());
  let one = to(environment);
  if (one === undefined) {
    const meant = await ask(
      server,
      apiPath(['environments', environment, 'settings']),
      z.object({ environment: z.string() }),
    );
    if (meant.kind !== 'answered') return meant;
    one = to(meant.answer.environment);
  }
  if (one !== undefined) return ask(server, apiPath(['promotions', one.id]), shape);
  const detail = `No promotion of ${workflow} to ${environment} waits for a decision. \`towpath status ${workflow}\` shows what is live and what is open.`;
  return { kind: 'refused', code: 'no_open_promotion', detail };
}
