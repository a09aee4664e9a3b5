import { compareText } from '../../compare-text.ts';
import type { Definition, Edge, Step } from '../../definition.ts';
import type { Json, JsonObject } from '../../json.ts';
import { fieldSchema } from '../field-schema.ts';
import { without } from '../fields.ts';
import type { Format, ReadContext, Reading } from '../format.ts';
import { listAt, textAt } from '../lenient.ts';
import { makeStepIds } from '../step-ids.ts';
import { type Crew, isCrewFile, isTasksFile, type Member, readCrew } from './crew-shapes.ts';
import { type MemberReading, readAgent, readLlm, readTask, stepOf } from './read-members.ts';

/** What only says how much is printed or written down. */
const NOISE = ['verbose', 'tracing', 'output_log_file', 'share_crew', '$schema'];
const READ = ['name', 'description', 'inputs', 'manager_llm', 'process'];
const MANAGER = 'manager';

/** A crew of CrewAI: `crew.jsonc` with its agents, or `tasks.yaml` with `agents.yaml` beside it. Tasks and agents are steps. */
export const crewai: Format = {
  id: 'crewai',
  title: 'CrewAI crew',
  recognizes: (document) => isCrewFile(document) || isTasksFile(document),
  read,
};

function read(document: JsonObject, context: ReadContext): Reading {
  const crew = readCrew(document, context);
  const tasks = tasksOf(crew);
  const agents = agentsOf(crew);
  const name = textAt(crew.settings, 'name');
  const inputs = fieldSchema(crew.settings['inputs']);
  const files = tasks.concat(agents).flatMap(({ step }) => step.properties.tools ?? []);
  for (const tool of files) referToTool(tool, context);
  const definition: Definition = {
    format: 'crewai',
    ...(name !== null && { name }),
    executionMode: crew.isOrdered ? 'sequential' : 'dag',
    ...(inputs !== undefined && { inputs }),
    steps: [...tasks, ...agents].map(({ step }) => step),
    edges: edgesOf(
      crew.isOrdered,
      tasks.map(({ step }) => step),
      agents.map(({ step }) => step),
    ),
    triggers: [],
    emits: [],
    bindings: Object.fromEntries(
      agents.flatMap(({ step, bindings }) => (Object.keys(bindings).length === 0 ? [] : [[step.id, bindings]])),
    ),
    layout: {},
    rest: restOf(crew),
    document,
  };
  return { definition };
}

function restOf({ settings, isOrdered }: Crew): JsonObject {
  const process = textAt(settings, 'process') ?? (isOrdered ? 'sequential' : null);
  return { ...without(settings, new Set([...NOISE, ...READ])), ...(process !== null && { process }) };
}

interface Placed {
  readonly step: Step;
  readonly bindings: JsonObject;
}

function tasksOf({ tasks }: Crew): Placed[] {
  const ids = makeStepIds(tasks.map(({ name }) => name));
  const claimed = tasks.map(({ name }) => ids.claim(name, 'task'));
  const idOf = new Map(tasks.map(({ name }, index) => [name, claimed[index]?.id ?? '']));
  return tasks.map((task, index) => {
    const context = listAt(task.definition, 'context').map((other: Json) => idOf.get(String(other)) ?? String(other));
    const named = claimed[index] ?? { id: 'task' };
    return { step: stepOf(task, 'task', named, readTask(task), context), bindings: {} };
  });
}

/** In the order of their names: in what order a crew lists them says nothing. A manager without a file is one, too. */
function agentsOf({ agents, settings }: Crew): Placed[] {
  const ids = makeStepIds(agents.map(({ name }) => name && `agent:${name}`));
  const placed = agents.map((agent) => {
    const named = {
      ...ids.claim(agent.name && `agent:${agent.name}`, 'agent'),
      ...(agent.name && { label: agent.name }),
    };
    return placedAgent(agent, named, readAgent(agent));
  });
  const manager = settings['manager_llm'];
  const { model, bindings } = readLlm(manager);
  const at = ['manager_llm'];
  const managers =
    manager === undefined || manager === null
      ? []
      : [
          placedAgent(
            { name: MANAGER, definition: {}, at },
            { id: MANAGER, label: 'Manager' },
            { properties: model, bindings },
          ),
        ];
  return [...placed.sort((a, b) => compareText(a.step.id, b.step.id)), ...managers];
}

function placedAgent(agent: Member, named: Pick<Step, 'id' | 'weakId' | 'label'>, reading: MemberReading): Placed {
  return { step: stepOf(agent, 'agent', named, reading), bindings: reading.bindings };
}

/** Tasks follow each other; who does them is drawn beside. All of it is told as the order, the context and the agent of tasks. */
function edgesOf(isOrdered: boolean, tasks: readonly Step[], agents: readonly Step[]): Edge[] {
  const idOf = new Map(agents.map(({ id, label }) => [label, id]));
  return tasks.flatMap((task, index): Edge[] => {
    const before = isOrdered ? tasks[index - 1] : undefined;
    const own = task.properties['crewai'] as JsonObject | undefined;
    const agent = idOf.get(textAt(own, 'agent') ?? undefined);
    const froms = new Set([...task.dependsOn, ...(before === undefined ? [] : [before.id])]);
    return [
      ...[...froms].map((from) => ({ from, to: task.id, implied: true })),
      ...(agent === undefined ? [] : [{ from: agent, to: task.id, port: 'agent', implied: true }]),
    ];
  });
}

/** `custom:my_tool` is a program of the crew's own, `tools/my_tool.py`. */
function referToTool(tool: string, { bundle }: ReadContext): void {
  const name = /^custom:([\w-]{1,100})$/.exec(tool)?.[1];
  if (name !== undefined) bundle?.refer(`tools/${name}.py`, ['agents']);
}
