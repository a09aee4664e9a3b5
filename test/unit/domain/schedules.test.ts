import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { schedulesOf, startsIn } from '../../../src/domain/workflow/schedules.ts';
import { environment } from '../../support/domain-builders.ts';

const staging = environment('staging', 1, { aliases: ['stg'] });
const flow = (triggers: string) =>
  readDefinition(
    `apiVersion: towpath/v1\nname: f\n${triggers}steps:\n  - { id: a, type: llm, model: m, systemPrompt: hello }\n`,
  );
const starts = (triggers: string) => startsIn(schedulesOf(flow(triggers)), staging);

describe('what starts a workflow by itself', () => {
  it('is a schedule among its triggers, in every environment unless it names some', () => {
    expect(starts('triggers: [{ id: t, type: schedule, schedule: "0 6 * * *" }]\n')).toBe(true);
    expect(starts('triggers: [{ id: t, type: schedule, schedule: "0 6 * * *", environments: [Staging] }]\n')).toBe(
      true,
    );
    expect(starts('triggers: [{ id: t, type: schedule, schedule: "0 6 * * *", environments: [stg] }]\n')).toBe(true);
    expect(starts('triggers: [{ id: t, type: schedule, schedule: "0 6 * * *", environments: [production] }]\n')).toBe(
      false,
    );
  });

  it('is no other trigger', () => {
    expect(starts('')).toBe(false);
    expect(starts('triggers: [{ id: t, type: webhook }, { id: u, type: manual }]\n')).toBe(false);
  });

  it.each(['n8n-nodes-base.scheduleTrigger', 'n8n-nodes-base.cron'])('is a node %s of n8n', (type) => {
    const node = (id: string, type: string) => ({
      id,
      name: id,
      type,
      typeVersion: 1,
      position: [0, 0],
      parameters: {},
    });
    const nodes = (...types: string[]) =>
      schedulesOf(
        readDefinition(
          JSON.stringify({ name: 'f', nodes: types.map((one, i) => node(`n${i}`, one)), connections: {} }),
        ),
      );
    expect(startsIn(nodes(type, 'n8n-nodes-base.set'), staging)).toBe(true);
    expect(startsIn(nodes('n8n-nodes-base.webhook', 'n8n-nodes-base.set'), staging)).toBe(false);
  });
});
