import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { readVariable } from '../../domain/settings/form/variables-text.ts';
import { readYaml } from '../../domain/settings/form/yaml-text.ts';
import { ask, type Server } from './api-client.ts';
import { unreadable } from './gather-files.ts';
import { apiPath, openServer, type ServerOptions, tell, tellFailure } from './session.ts';
import { EXIT, type ExitCode, type Line, type Terminal, UsageError } from './terminal.ts';

export interface ChangeOptions extends ServerOptions {
  workflow?: string;
  reason?: string;
  onBehalfOf?: string;
}

const layer = z.object({ number: z.number(), settings: z.record(z.string(), z.unknown()) });
const layerAnswer = z.object({ layer });
const changed = z.object({
  status: z.enum(['applied', 'proposed', 'unchanged']),
  number: z.number().nullable(),
  proposal: z.object({ sentences: z.array(z.string()), needs: z.string() }).nullable(),
});
type Body = { settings: unknown; basedOn?: number };

const LONGEST = 512 * 1024;
export const CHANGES = ['set', 'unset', 'propose'] as const;
export type Change = (typeof CHANGES)[number];

/** Changes what an environment gives, or one workflow gets there; where approvals are asked for, as a proposal. @throws UsageError */
export async function changeSettings(
  change: { environment: string; act: Change; words: readonly string[] },
  options: ChangeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { environment, act, words } = change;
  // Read before anything is asked for.
  const make = act === 'propose' ? await fromFile(words) : act === 'set' ? setting(words) : unsetting(words);
  const server = openServer(options, terminal);
  const path = layerPath(environment, options.workflow);
  const body = await make(() => ask(server, path, layerAnswer));
  if ('kind' in body) return tellFailure(terminal, options, body);
  return put(server, path, body, options, terminal);
}

function layerPath(environment: string, workflow: string | undefined): string {
  return workflow === undefined
    ? apiPath(['environments', environment, 'settings'])
    : apiPath(['workflows', workflow, 'environments', environment, 'settings']);
}

type Now = () => ReturnType<typeof ask<z.infer<typeof layerAnswer>>>;
type Make = (now: Now) => Promise<Body | Parameters<typeof tellFailure>[2]>;

/** The layer as it is, its variables changed: where another is there by the time it is written, nothing is done. */
function changingVariables(change: (variables: Record<string, unknown>) => Record<string, unknown>): Make {
  return async (now) => {
    const reply = await now();
    if (reply.kind !== 'answered') return reply;
    const { number, settings } = reply.answer.layer;
    const { variables, ...others } = settings;
    const next = change({ ...z.record(z.string(), z.unknown()).catch({}).parse(variables) });
    return { settings: Object.keys(next).length === 0 ? others : { ...others, variables: next }, basedOn: number };
  };
}

function setting(words: readonly string[]): Make {
  const given = words.map((word) => {
    const read = readVariable(word);
    if ('problem' in read) throw new UsageError(`A variable ${read.problem}, such as SUMMARY_MODEL=claude-haiku.`);
    return [read.name, read.value] as const;
  });
  if (given.length === 0) throw new UsageError('Say what to set, such as SUMMARY_MODEL=claude-haiku.');
  return changingVariables((variables) => ({ ...variables, ...Object.fromEntries(given) }));
}

function unsetting(names: readonly string[]): Make {
  if (names.length === 0) throw new UsageError('Name the variables to take out.');
  return changingVariables((variables) => {
    const unknown = names.find((name) => !Object.hasOwn(variables, name));
    if (unknown !== undefined)
      throw new UsageError(`There is no variable ${unknown} to take out. Nothing was changed.`);
    return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
  });
}

async function fromFile([path, ...more]: readonly string[]): Promise<Make> {
  if (path === undefined || more.length > 0)
    throw new UsageError('Name one file with the whole layer, as towpath.yaml writes it below “settings”.');
  const isSmall = await stat(path).then(
    ({ size }) => size <= LONGEST,
    (error: unknown) => Promise.reject(unreadable(path, error)),
  );
  if (!isSmall) throw new UsageError(`${path} is larger than settings can be.`);
  const read = readYaml(
    await readFile(path, 'utf8').catch((error: unknown) => Promise.reject(unreadable(path, error))),
  );
  if ('problem' in read) throw new UsageError(`${path}: ${read.problem}`);
  return async () => ({ settings: read.value });
}

async function put(
  server: Server,
  path: string,
  body: Body,
  options: ChangeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { reason, onBehalfOf } = options;
  const reply = await ask(server, path, changed, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, reason, onBehalfOf }),
  });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () => resultLines(reply.answer));
  return EXIT.ok;
}

function resultLines({ status, number, proposal }: z.infer<typeof changed>): Line[] {
  if (status === 'unchanged') return ['That is how it is already.'];
  const sentences = (proposal?.sentences ?? []).map((sentence) => `  ${sentence}`);
  if (status === 'applied') return [`Changed: it is number ${number} now.`, ...sentences];
  return [`Proposed. ${proposal?.needs ?? ''}`.trimEnd(), ...sentences];
}
