export const PROMPTY = `---
name: Answer
description: Answers questions
version: '1'
authors: [ada]
tags: [qa]
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: gpt-4o
    azure_endpoint: \${env:ENDPOINT}
    api_version: 2024-02-01
    connection: main
  parameters:
    temperature: 0.2
    max_tokens: 100
    tools:
      - type: function
        function: { name: search, description: Finds things }
inputs:
  question: { type: string, sample: Why? }
  tone: { type: string, default: kind }
outputs:
  answer: { type: string }
sample: sample.json
template: jinja2
---
system:
You answer questions.

# user:
{{question}}
`;

export const PROMPTY_2 = `---
name: Answer
model:
  id: gpt-4o
  provider: openai
  connection: { kind: key, apiKey: "\${env:KEY}" }
  options: { temperature: 0.2, maxOutputTokens: 100, additionalProperties: { seed: 1 } }
inputs:
  - { name: question, kind: string, required: true }
  - { name: tone, kind: string, default: kind }
tools:
  - { name: search, kind: mcp, serverName: finder }
metadata: { authors: [ada] }
---
system[cache=true]:
You answer questions.

user:
{{question}}

assistant:
Well,
`;

export const DOTPROMPT = `---
model: googleai/gemini-1.5-flash
tools: [timeOfDay]
config: { temperature: 0.9, topK: 20 }
input:
  default: { name: Guest }
  schema:
    name: string, who it is
    style?: string
    tags(array, words): string
    mood(enum): [good, bad]
    home?:
      city: string
output:
  format: json
  schema: { greeting: string }
---
{{role "system"}}
You greet.
{{role "user"}}
Greet {{name}}.
`;

export const GITHUB = `name: Summarizer
description: Sums up
model: openai/gpt-4o-mini
modelParameters: { temperature: 0.5, max_tokens: 10 }
messages:
  - { role: system, content: You sum up. }
  - role: user
    content: |
      Sum up {{input}}
testData:
  - { input: a, expected: b }
evaluators:
  - { name: starts, string: { startsWith: 'Summary' } }
  - { name: alike, uses: github/similarity }
responseFormat: json_schema
jsonSchema: '{"name":"x","schema":{"type":"object","properties":{"text":{"type":"string"}}}}'
`;
