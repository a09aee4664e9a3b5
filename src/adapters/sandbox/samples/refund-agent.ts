/** An agent with tools and a refund limit. */
function document(limit: number, approval: boolean): string {
  return `apiVersion: towpath/v1
name: refund-agent
description: Decides small refunds by itself and hands over the rest
executionMode: dag
inputs: { type: object, required: [order], properties: { order: { type: string }, reason: { type: string } } }
outputs: { type: object, properties: { decision: { type: string }, amount: { type: number } } }
steps:
  - id: look-up
    type: tool
    label: Look up the order
    tools: [orders]
    timeout: 10s
  - id: decide
    type: agent
    label: Decide
    dependsOn: [look-up]
    provider: openai
    model: gpt-large
    modelParameters: { temperature: 0 }
    systemPrompt: |
      You decide refunds for a shop.
      Refund at most ${limit} euros without asking.
      Explain the decision in two sentences.
    tools: [orders, refunds]
    onError: fail
${
  approval
    ? `  - id: second-look
    type: approval
    label: Second look
    dependsOn: [decide]
`
    : ''
}  - id: notify
    type: tool
    label: Tell the customer
    dependsOn: [${approval ? 'second-look' : 'decide'}]
    tools: [mail]
    retry: { maxAttempts: 3, delay: 2s, backoff: exponential }
`;
}

/** Two versions: the first is live up to staging, the second is on its way to it. */
export const REFUND_AGENT = [
  { label: 'small-refunds', note: 'Up to 20 euros', source: document(20, true) },
  { label: 'higher-limit', note: 'Finance agreed to 50 euros', source: document(50, true) },
] as const;

/** Never deployed: a draft. */
export const MEETING_NOTES = {
  label: 'first-sketch',
  note: 'Not tried yet',
  source: `apiVersion: towpath/v1
name: meeting-notes
description: Turns a transcript into decisions and tasks
executionMode: sequential
inputs: { type: object, required: [transcript], properties: { transcript: { type: string } } }
steps:
  - id: split
    type: code
    label: Split into topics
  - id: each-topic
    type: loop
    label: Each topic
    loop:
      over: "steps.split.output.topics"
      maxIterations: 20
      steps:
        - id: note
          type: llm
          label: Write the note
          provider: anthropic
          model: claude-sonnet
          systemPrompt: Write down decisions and who does what. Nothing else.
`,
} as const;
