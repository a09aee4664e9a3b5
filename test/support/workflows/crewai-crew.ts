import type { Files } from './diff-of-sources.ts';

export const CREW = `{
  // Who works, and on what.
  "name": "Research",
  "agents": ["researcher", "writer"],
  "tasks": [
    {
      "name": "research",
      "description": "Research {topic}",
      "expected_output": "Notes",
      "agent": "researcher"
    },
    {
      "name": "write",
      "description": "Write about {topic}",
      "expected_output": "A report",
      "agent": "writer",
      "context": ["research"],
      "guardrail": "Keep to the notes.",
      "guardrail_max_retries": 2,
    },
  ],
  "process": "sequential",
  "verbose": true,
  "memory": false,
  "inputs": { "topic": "canals" }
}
`;

export const RESEARCHER = `{ /* who */
  "role": "Researcher", "goal": "Find out", "backstory": "You search.",
  "llm": "openai/gpt-4o",
  "tools": ["SerperDevTool", "custom:archive"],
  "settings": { "verbose": true, "max_iter": 5, "max_rpm": 10, "max_execution_time": 60, "max_retry_limit": 2 }
}`;

export const FILES = {
  'crew.jsonc': CREW,
  'agents/researcher.jsonc': RESEARCHER,
  'agents/writer.json': JSON.stringify({
    role: 'Writer',
    goal: 'Write',
    backstory: 'You write.',
    llm: { model: 'llama3', provider: 'ollama', base_url: 'http://a.example', temperature: 0.1 },
  }),
  'tools/archive.py': 'def archive(): ...\n',
} satisfies Files;

export const AGENTS = `# people
researcher:
  role: >
    Researcher
  goal: Find out
  backstory: You search.
  llm: openai/gpt-4o
`;

export const TASKS = `research:
  description: >
    Research {topic}
  expected_output: Notes
  agent: researcher
report:
  description: Report
  expected_output: A report
  agent: researcher
  context: [research]
`;

export const PAIR = {
  'config/agents.yaml': AGENTS,
  'config/tasks.yaml': TASKS,
  'crew.py': 'Process.sequential\n',
} satisfies Files;
