/** What differs between the sample's versions. */
interface Revision {
  model: string;
  tone: string;
  urgency: boolean;
  threshold: number;
}

/** A support flow of four steps: summarise, check, route. */
function document({ model, tone, urgency, threshold }: Revision): string {
  const fields = urgency ? 'summary, queue and urgency (low, normal or high)' : 'summary and queue';
  return `apiVersion: towpath/v1
name: summarize-flow
description: Summarises a support ticket and routes it to a queue
executionMode: sequential
inputs:
  type: object
  required: [ticket]
  properties:
    ticket: { type: string }
    language: { type: string }
outputs:
  type: object
  properties:
    summary: { type: string }
    queue: { type: string }
${urgency ? '    urgency: { type: string }\n' : ''}steps:
  - id: summarize
    type: llm
    label: Summarise
    provider: anthropic
    model: ${model}
    modelParameters: { temperature: 0.2, maxTokens: 800 }
    systemPrompt: |
      You are a support lead.
      ${tone}
      Answer as JSON with ${fields}.
    task: "Summarise this ticket: {{ inputs.ticket }}"
    tools: [search-docs]
    timeout: 30s
    retry: { maxAttempts: 2, delay: 1s, backoff: exponential }
  - id: check
    type: evaluation
    label: Check
    dependsOn: [summarize]
    evaluation:
      criteria:
        - { id: accuracy, type: llm-rubric, value: The facts match the ticket, weight: 2 }
        - { id: brevity, type: llm-rubric, value: Three sentences at most, weight: 1 }
      threshold: ${threshold}
  - id: route
    type: condition
    label: Route
    dependsOn: [check]
    condition:
      if: ${urgency ? 'steps.summarize.output.urgency == "high"' : 'steps.summarize.output.queue == "billing"'}
      then:
        - { id: page, type: tool, label: ${urgency ? 'Page on-call' : 'Send to billing'}, tools: [${urgency ? 'pager' : 'billing-queue'}] }
      else:
        - { id: queue, type: tool, label: Put in queue, tools: [ticket-queue] }
`;
}

const CALM = 'Write calmly and plainly.';

/** Four versions, oldest first: the third is live in staging and production, the fourth in development. */
export const SUMMARIZE_FLOW = [
  {
    label: 'first-cut',
    note: 'Good enough to try',
    source: document({ model: 'claude-haiku', tone: CALM, urgency: false, threshold: 0.6 }),
  },
  {
    label: 'stricter-check',
    note: 'Too many summaries slipped through',
    source: document({ model: 'claude-haiku', tone: CALM, urgency: false, threshold: 0.75 }),
  },
  {
    label: 'better-model',
    note: 'Long tickets need the larger model',
    source: document({ model: 'claude-sonnet', tone: CALM, urgency: false, threshold: 0.75 }),
  },
  {
    label: 'add-urgency',
    note: 'Urgent tickets page on-call',
    source: document({
      model: 'claude-sonnet',
      tone: 'Write calmly and plainly, and say how urgent it is.',
      urgency: true,
      threshold: 0.8,
    }),
  },
] as const;
