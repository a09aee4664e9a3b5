import type { Files } from './diff-of-sources.ts';

export const SUITE = `# yaml-language-server: $schema=https://example.com/config-schema.json
description: Greetings
prompts:
  - file://prompts/*.txt
  - file://prompts/chat.json
  - 'Translate {{text}} to {{language}} in few words'
  - { label: short, raw: 'Be short: {{text}}' }
  - file://make.py:prompt
providers:
  - openai:gpt-4o
  - id: anthropic:messages:claude-sonnet
    label: claude
    prompts: [short]
    config:
      temperature: 0.2
      max_tokens: 100
      apiKey: "{{env.KEY}}"
      systemPrompt: You are kind.
      tools: file://tools.json
      mcp: { servers: [{ name: finder, command: find }] }
  - openai:gpt-4o-mini: { config: { temperature: 1 } }
defaultTest:
  threshold: 0.8
  assert: [{ type: latency, threshold: 2000 }]
tests:
  - description: French
    vars: { language: French, text: file://hello.txt }
    assert:
      - { type: contains, value: Bonjour }
      - { type: llm-rubric, value: file://rubric.txt, weight: 2, threshold: 0.7, metric: kindness }
  - vars: { language: German }
    assert: [{ type: equals, value: Hallo }, { type: equals, value: Hi }]
  - file://more/*.yaml
  - rows.csv
outputPath: out.json
sharing: false
env: { ORG: acme }
evaluateOptions: { maxConcurrency: 2 }
`;

export const FILES = {
  'promptfooconfig.yaml': SUITE,
  'prompts/a.txt': 'Greet {{text}}.\n',
  'prompts/b.txt': 'Welcome {{text}}.',
  'prompts/chat.json': '[{"role":"system","content":"You chat."},{"role":"user","content":"{{text}}"}]',
  'make.py': 'def prompt(): ...\n',
  'tools.json': '[{"type":"function","function":{"name":"search","description":"Finds"}}]',
  'hello.txt': 'Hello',
  'rubric.txt': 'Is it kind?',
  'more/dutch.yaml': '- vars: { language: Dutch }\n  assert: [{ type: contains, value: Hallo }]\n',
  'rows.csv': 'language\nDanish\n',
  'notes.txt': 'x\n',
} satisfies Files;
