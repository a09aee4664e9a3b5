import type { BundleFile } from '../../bundle/bundle-file.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { parseData } from '../../source/parse-source.ts';
import type { Segment } from '../../source/source-scan.ts';
import type { ReadContext } from '../format.ts';
import { listAt, textAt } from '../lenient.ts';

/** A task or an agent, what it is called, and where it stands. */
export interface Member {
  readonly name: string | null;
  readonly definition: JsonObject;
  readonly at: readonly Segment[];
}

/** A crew in either of its shapes. */
export interface Crew {
  /** Tasks follow each other as they are listed. In two files of YAML, only a program beside them knows their order. */
  readonly isOrdered: boolean;
  /** What holds for the crew as a whole. */
  readonly settings: JsonObject;
  readonly tasks: readonly Member[];
  readonly agents: readonly Member[];
}

/** `crew.jsonc`: agents by name or in full, and tasks that say what is to be done. */
export function isCrewFile({ agents, tasks }: JsonObject): boolean {
  return isList(agents) && isList(tasks) && tasks.length > 0 && tasks.every(isTask);
}

/** `tasks.yaml`: nothing but tasks, by name. */
export function isTasksFile(document: JsonObject): boolean {
  // One by one: asked of every document, and most answer with their first value.
  const keys = Object.keys(document);
  const isOnlyTask = (value: Json) => isTask(value) && textAt(value, 'expected_output') !== null;
  return keys.length > 0 && keys.every((key) => isOnlyTask(document[key] ?? null));
}

/** `agents.yaml`: nothing but agents, by name. */
function isAgentsFile(document: Json): document is JsonObject {
  const values = isObject(document) ? Object.values(document) : [];
  return values.length > 0 && values.every((value) => textAt(value, 'role') !== null && textAt(value, 'goal') !== null);
}

function isTask(value: Json): boolean {
  return (
    textAt(value, 'description') !== null &&
    (textAt(value, 'expected_output') !== null || textAt(value, 'agent') !== null)
  );
}

export function readCrew(document: JsonObject, context: ReadContext): Crew {
  return isCrewFile(document) ? crewOfFile(document, context) : crewOfPair(document, context);
}

function crewOfFile(document: JsonObject, context: ReadContext): Crew {
  const { agents: _agents, tasks: _tasks, ...settings } = document;
  const named = listAt(document, 'agents').map((agent, index) => agentOf(agent, ['agents', index], context));
  const { manager_agent: manager } = document;
  const managers = typeof manager === 'string' ? [agentOf(manager, ['manager_agent'], context)] : [];
  const known = new Set(named.map(({ name }) => name));
  return {
    isOrdered: true,
    settings,
    tasks: listAt(document, 'tasks').map((task, index) => ({
      name: textAt(task, 'name'),
      definition: isObject(task) ? task : {},
      at: ['tasks', index],
    })),
    agents: [...named, ...managers.filter(({ name }) => !known.has(name))],
  };
}

/** A name stands for `agents/<name>.jsonc`, or `.json`. */
function agentOf(agent: Json, at: readonly Segment[], { bundle }: ReadContext): Member {
  if (isObject(agent)) return { name: textAt(agent, 'name') ?? textAt(agent, 'role'), definition: agent, at };
  const name = String(agent);
  const path = `agents/${name}.jsonc`;
  const file = bundle?.find(path, `agents/${name}.json`) ?? bundle?.refer(path, at) ?? null;
  const definition = file === null ? null : parseData(file.content);
  if (file !== null && isObject(definition)) bundle?.use(file);
  return { name, definition: isObject(definition) ? definition : {}, at };
}

function crewOfPair(document: JsonObject, context: ReadContext): Crew {
  const tasks = Object.entries(document).map(
    ([name, task]): Member => ({
      name,
      definition: isObject(task) ? task : {},
      at: [name],
    }),
  );
  const agents = agentsBeside(context);
  const found = new Set(agents.map(({ name }) => name));
  for (const { definition, at } of tasks) {
    const agent = textAt(definition, 'agent')?.trim() ?? null;
    if (agent !== null && !found.has(agent)) context.bundle?.refer('agents.yaml', [...at, 'agent']);
  }
  return { isOrdered: false, settings: {}, tasks, agents };
}

/** From the file beside, whatever it is called: it is known by what it holds. */
function agentsBeside({ bundle }: ReadContext): Member[] {
  if (bundle === undefined) return [];
  const folder = bundle.entry.slice(0, bundle.entry.lastIndexOf('/') + 1);
  const isBeside = ({ path }: BundleFile) => path.startsWith(folder) && !path.slice(folder.length).includes('/');
  for (const file of bundle.files.filter((candidate) => isBeside(candidate) && /\.ya?ml$/i.test(candidate.path))) {
    const data = parseData(file.content);
    if (data === null || !isAgentsFile(data)) continue;
    bundle.use(file);
    return Object.entries(data).map(([name, agent]) => ({
      name,
      definition: isObject(agent) ? agent : {},
      at: ['agents', name],
    }));
  }
  return [];
}
