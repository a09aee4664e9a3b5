import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { AGENTS, CREW, FILES, PAIR, RESEARCHER, TASKS } from '../../support/workflows/crewai-crew.ts';
import { bundleOf, edited, type Files, saidBetween } from '../../support/workflows/diff-of-sources.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

const said = (files: Files) => saidBetween(bundleOf(FILES), bundleOf({ ...FILES, ...files }));
const saidOfCrew = (...edits: readonly (readonly [string, string])[]) => said({ 'crew.jsonc': edited(CREW, ...edits) });
const saidOfAgent = (...edits: readonly (readonly [string, string])[]) =>
  said({ 'agents/researcher.jsonc': edited(RESEARCHER, ...edits) });

describe('A crew in JSON', () => {
  it('is its tasks in order, and the agents that do them', () => {
    const definition = readDefinition(bundleOf(FILES));
    expect(definition).toMatchObject({ format: 'crewai', name: 'Research', executionMode: 'sequential' });
    const [research, write, researcher, writer] = definition.steps;
    expect(research).toMatchObject({ id: 'research', kind: 'task', dependsOn: [] });
    expect(write).toMatchObject({
      dependsOn: ['research'],
      properties: {
        task: 'Write about {topic}',
        expectedOutput: 'A report',
        evaluation: { criteria: [{ id: 'guardrail', value: 'Keep to the notes.' }] },
        crewai: { agent: 'writer' },
      },
    });
    expect(researcher).toMatchObject({
      id: 'agent:researcher',
      kind: 'agent',
      label: 'researcher',
      properties: {
        model: 'openai/gpt-4o',
        tools: ['SerperDevTool', 'custom:archive'],
        maxIterations: 5,
        timeout: '60s',
        retry: { maxAttempts: 2 },
        crewai: { role: 'Researcher', goal: 'Find out', backstory: 'You search.', max_rpm: 10 },
      },
    });
    expect(writer?.properties).toMatchObject({
      model: 'llama3',
      provider: 'ollama',
      modelParameters: { temperature: 0.1 },
    });
    expect(definition.bindings).toEqual({ 'agent:writer': { base_url: 'http://a.example' } });
    expect(definition.inputs).toEqual({ properties: { topic: { default: 'canals' } } });
    expect(definition.rest).toEqual({ memory: false, process: 'sequential' });
    expect(definition.files).toEqual({ 'tools/archive.py': FILES['tools/archive.py'] });
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    [
      'a task',
      [['Research {topic}', 'Study {topic}']],
      ['prompt: Task of ‘research’ changed from ‘Research {topic}’ to ‘Study {topic}’'],
    ],
    [
      'what a task is to give',
      [['A report', 'A page']],
      ['prompt: Expected output of ‘write’ changed from ‘A report’ to ‘A page’'],
    ],
    [
      'who does a task',
      [['"agent": "writer"', '"agent": "researcher"']],
      ['logic: Agent of ‘write’ changed from ‘writer’ to ‘researcher’'],
    ],
    ['what a task is given', [['["research"],', '[],']], ['logic: ‘write’ no longer depends on ‘research’']],
    [
      'how the crew works',
      [['"sequential"', '"hierarchical", "manager_llm": "openai/o3"']],
      [
        'logic: Step ‘Manager’ added (agent, model ‘openai/o3’)',
        'logic: process changed from ‘sequential’ to ‘hierarchical’',
      ],
    ],
    ['what is remembered', [['"memory": false', '"memory": true']], ['logic: memory changed from false to true']],
    [
      'a rule',
      [['Keep to the notes.', 'Be kind.']],
      ['quality: Criterion ‘guardrail’ of ‘write’: value changed from ‘Keep to the notes.’ to ‘Be kind.’'],
    ],
    [
      'an input',
      [['"topic": "canals"', '"topic": "locks"']],
      ['schema: Input field ‘topic’: default changed from ‘canals’ to ‘locks’'],
    ],
    [
      'comments, how much is printed, and in what order agents are listed',
      [
        ['// Who works', '// Who'],
        ['"verbose": true', '"verbose": false'],
        ['["researcher", "writer"]', '["writer", "researcher"]'],
      ],
      [],
    ],
    ['the usual left out', [['  "process": "sequential",\n', '']], []],
  ])('tells of %s', (_what, edits, expected) => {
    expect(saidOfCrew(...edits)).toEqual(expected);
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    ['a model', [['gpt-4o', 'gpt-5']], ['model: Model of ‘researcher’ changed from ‘openai/gpt-4o’ to ‘openai/gpt-5’']],
    [
      'a role, a goal and a past',
      [
        ['"Researcher"', '"Scout"'],
        ['Find out', 'Look'],
        ['You search.', 'You dig.'],
      ],
      [
        'prompt: Backstory of ‘researcher’ changed from ‘You search.’ to ‘You dig.’',
        'prompt: Goal of ‘researcher’ changed from ‘Find out’ to ‘Look’',
        'prompt: Role of ‘researcher’ changed from ‘Researcher’ to ‘Scout’',
      ],
    ],
    ['a tool', [['"SerperDevTool", ', '']], ['tools: Tool ‘SerperDevTool’ removed from ‘researcher’']],
    [
      'an MCP server',
      [['"llm"', '"mcps": ["https://mcp.example"], "llm"']],
      ['tools: MCP server ‘https://mcp.example’ added to ‘researcher’'],
    ],
    [
      'limits',
      [
        ['"max_iter": 5', '"max_iter": 9'],
        ['"max_rpm": 10', '"max_rpm": 20'],
        ['": 60', '": 90'],
        ['limit": 2', 'limit": 3'],
      ],
      [
        'limits: Max iterations of ‘researcher’ changed from 5 to 9',
        'limits: Requests a minute of ‘researcher’ changed from 10 to 20',
        'limits: Retry attempts of ‘researcher’ changed from 2 to 3',
        'limits: Timeout of ‘researcher’ changed from ‘60s’ to ‘90s’',
      ],
    ],
    [
      'comments, and how much is printed',
      [
        ['/* who */', ''],
        ['"verbose": true', '"verbose": false'],
      ],
      [],
    ],
  ])('tells of %s of an agent', (_what, edits, expected) => {
    expect([...saidOfAgent(...edits)].sort()).toEqual(expected);
  });

  it('tells apart where a model is reached', () => {
    const writer = edited(FILES['agents/writer.json'], ['a.example', 'b.example']);
    expect(said({ 'agents/writer.json': writer })).toEqual([
      'binding: Binding ‘writer’: base_url changed from ‘http://a.example’ to ‘http://b.example’',
    ]);
  });

  it('tells of a program that a tool is', () => {
    expect(said({ 'tools/archive.py': 'def archive(): pass\n' })).toEqual([
      'logic: File ‘tools/archive.py’ changed (+1 −1 lines)',
    ]);
  });

  it('is read without its agents where it is pushed alone', () => {
    expect(saidBetween(CREW, edited(CREW, ['"agents": ["researcher", "writer"]', '"agents": ["researcher"]']))).toEqual(
      ['logic: Step ‘writer’ removed'],
    );
  });

  it('has a manager from a file that the list of agents need not name', () => {
    const crew = edited(CREW, ['"sequential"', '"hierarchical", "manager_agent": "boss"']);
    const files = {
      'crew.jsonc': crew,
      'agents/boss.jsonc': '{"role":"Boss","goal":"g","backstory":"b","llm":"openai/o3"}',
    };
    expect(said(files)).toContain('logic: Step ‘boss’ added (agent, model ‘openai/o3’)');
  });

  it('loses no task that has no name, or another’s', () => {
    const task = (description: string, name?: string) => ({ ...(name && { name }), description, expected_output: 'x' });
    const crew = { agents: [], tasks: [task('One'), task('Two'), task('Three', 'a'), task('Four', 'a')] };
    const { steps } = readDefinition(JSON.stringify(crew));
    expect(steps.map(({ id, weakId }) => [id, weakId])).toEqual([
      ['task', true],
      ['task#2', true],
      ['a', true],
      ['a#2', true],
    ]);
  });

  it.each<[string, Files, string]>([
    [
      'an agent has no file',
      { 'agents/writer.json': null },
      'crew.jsonc can’t be used: line 4, agents[1]: refers to ‘agents/writer.jsonc’, which is not among the files',
    ],
    ['a tool of its own has none', { 'tools/archive.py': null }, 'refers to ‘tools/archive.py’'],
    [
      'an agent is said to be elsewhere',
      { 'crew.jsonc': edited(CREW, ['"writer"]', '"../../writer"]']) },
      'outside of the folder',
    ],
  ])('is refused where %s', (_what, files, words) => {
    expect(refusalOf(bundleOf({ ...FILES, ...files })).userMessage).toContain(words);
  });
});

describe('A crew in two files of YAML', () => {
  it('is read as the same crew, whatever the files are called', () => {
    const definition = readDefinition(bundleOf(PAIR));
    expect(definition.steps.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'task research',
      'task report',
      'agent agent:researcher',
    ]);
    expect(definition.files).toEqual({ 'crew.py': 'Process.sequential\n' });
    const renamed = { 'config/people.yml': AGENTS, 'config/work.yml': TASKS, 'crew.py': PAIR['crew.py'] };
    expect(saidBetween(bundleOf(PAIR), bundleOf(renamed))).toEqual([]);
  });

  it.each<[string, Files, string[]]>([
    [
      'an agent',
      { 'config/agents.yaml': edited(AGENTS, ['gpt-4o', 'gpt-5'], ['# people', '# folks']) },
      ['model: Model of ‘researcher’ changed from ‘openai/gpt-4o’ to ‘openai/gpt-5’'],
    ],
    [
      'a task',
      { 'config/tasks.yaml': edited(TASKS, ['description: Report', 'description: Sum up']) },
      ['prompt: Task of ‘report’ changed from ‘Report’ to ‘Sum up’'],
    ],
    [
      'the order of tasks',
      { 'config/tasks.yaml': edited(TASKS, ['  context: [research]\n', '']) },
      ['logic: ‘report’ no longer depends on ‘research’'],
    ],
    [
      'the program around them',
      { 'crew.py': 'Process.hierarchical\n' },
      ['logic: File ‘crew.py’ changed (+1 −1 lines)'],
    ],
    [
      'how its texts are wrapped',
      { 'config/tasks.yaml': edited(TASKS, ['>\n    Research {topic}', 'Research {topic}']) },
      [],
    ],
  ])('tells of %s', (_what, files, expected) => {
    expect(saidBetween(bundleOf(PAIR), bundleOf({ ...PAIR, ...files }))).toEqual(expected);
  });

  it('is refused where the agents are missing, and not seen where there are no tasks', () => {
    const { userMessage } = refusalOf(bundleOf({ 'tasks.yaml': TASKS, 'crew.py': '' }));
    expect(userMessage).toContain('tasks.yaml can’t be used: line 5, research.agent: refers to ‘agents.yaml’');
    expect(readDefinition(AGENTS).format).toBe('generic');
    expect(readDefinition('a: { description: x }').format).toBe('generic');
  });
});
