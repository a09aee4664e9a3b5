import type { Json } from '../../domain/workflow/json.ts';
import { type RunAnswer, RunnerFailure } from '../../use-cases/ports/runners.ts';
import type { KindOf } from './kind-of.ts';

/** What the events of one run come to. */
export interface DifyReading {
  /** By which the run is stopped; null until it was told. */
  readonly task: string | null;
  /** @throws RunnerFailure where the event says that the run failed */
  take(event: Record<string, unknown>): 'more' | 'done';
  /** @throws RunnerFailure died where the events ended before the run did */
  result(): Omit<RunAnswer, 'latencyMs'>;
}

type Fields = Record<string, unknown>;

export function makeDifyReading(app: KindOf<'dify'>['app']): DifyReading {
  const parts: string[] = [];
  let task: string | null = null;
  let outputs: Json | undefined;
  let isDone = false;
  let figures: Pick<RunAnswer, 'cost' | 'tokens'> = {};

  const finishWorkflow = (data: Fields): 'more' | 'done' => {
    if (data['status'] === 'failed') throw failed(data['error']);
    if (data['status'] === 'stopped') throw new RunnerFailure('died', 'The run was stopped in Dify.');
    outputs = (data['outputs'] ?? null) as Json;
    isDone = app === 'workflow';
    return isDone ? 'done' : 'more';
  };

  const take = (event: Fields): 'more' | 'done' => {
    if (typeof event['task_id'] === 'string' && event['task_id'].length <= 100) task = event['task_id'];
    switch (event['event']) {
      case 'error':
        throw failed(event['message'], event['status']);
      case 'workflow_paused':
      case 'human_input_required':
        throw new RunnerFailure('unsupported', 'The run waits for a person in Dify, which no test can be.');
      case 'workflow_finished':
        return finishWorkflow(fieldsOf(event['data']));
      case 'message':
      case 'agent_message':
        parts.push(textOf(event['answer']));
        return 'more';
      case 'message_replace':
        parts.splice(0, parts.length, textOf(event['answer']));
        return 'more';
      case 'message_end':
        figures = figuresOf(fieldsOf(fieldsOf(event['metadata'])['usage']));
        isDone = true;
        return 'done';
      default:
        return 'more';
    }
  };

  return {
    get task() {
      return task;
    },
    take,
    result() {
      if (!isDone) throw new RunnerFailure('died', 'Dify’s stream ended before the run did.');
      return { output: app === 'workflow' ? (outputs ?? null) : parts.join(''), ...figures };
    },
  };
}

function failed(message: unknown, status?: unknown): RunnerFailure {
  const words = textOf(message)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, 300)
    .toWellFormed();
  const said = words === '' ? '.' : `: ${words}`;
  if (status === 429) return new RunnerFailure('rate_limited', `Dify asks to come later${said}`);
  return new RunnerFailure('died', `The run failed in Dify${said}`);
}

function figuresOf(usage: Fields): Pick<RunAnswer, 'cost' | 'tokens'> {
  const price = Number(usage['total_price']);
  const isDollars = usage['currency'] === 'USD' && usage['total_price'] !== undefined;
  const counts = [usage['prompt_tokens'], usage['completion_tokens']];
  const areCounts = counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
  return {
    ...(isDollars && Number.isFinite(price) && price >= 0 && price <= 1_000_000 && { cost: price }),
    ...(areCounts && { tokens: { input: counts[0] as number, output: counts[1] as number } }),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
