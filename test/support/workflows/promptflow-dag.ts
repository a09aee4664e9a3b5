import type { Files } from './diff-of-sources.ts';

export const DAG = `$schema: https://example.com/Flow.schema.json
name: answer
environment: { python_requirements_txt: requirements.txt }
environment_variables: { SITE: https://a.example }
inputs:
  question: { type: string, default: Why?, is_chat_input: true }
outputs:
  answer: { type: string, reference: "\${judge.output}" }
nodes:
  - name: search
    type: python
    source: { type: code, path: tools/search.py }
    inputs: { query: "\${inputs.question}", search_connection: bing, depth: 1 }
  - { name: draft, use_variants: true }
  - name: judge
    type: llm
    source: { type: code, path: judge.jinja2 }
    inputs:
      deployment_name: gpt-4o
      max_tokens: '50'
      temperature: 0.1
      stop: ''
      answer: "\${draft.output}"
    connection: aoai
    api: chat
    provider: AzureOpenAI
    activate: { when: "\${inputs.question}", is: Why? }
  - name: log
    type: python
    source: { type: package, tool: acme.tools.Log.write }
    inputs: { connection: store, text: "\${judge.output.text} \${search.output}" }
    aggregation: true
node_variants:
  draft:
    default_variant_id: variant_0
    variants:
      variant_0:
        node:
          type: llm
          source: { type: code, path: draft.jinja2 }
          inputs: { model: gpt-4o, temperature: 0.5, found: "\${search.output}" }
          connection: openai
      variant_1:
        node:
          type: llm
          source: { type: code, path: draft_short.jinja2 }
          inputs: { model: gpt-4o-mini, found: "\${search.output}" }
          connection: openai
`;

export const FILES = {
  'flow.dag.yaml': DAG,
  'tools/search.py': 'def search(): ...\n',
  'tools/words.py': 'WORDS = 1\n',
  'judge.jinja2': '# system:\nYou judge.\n\n# user:\n{{answer}}\n',
  'draft.jinja2': 'system:\nYou draft.\nuser:\n{{found}}\n',
  'draft_short.jinja2': 'Draft from {{found}}',
  'requirements.txt': 'promptflow\n',
} satisfies Files;
